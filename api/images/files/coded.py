"""What a video codec's own header says of the pictures in a HEIC or an AVIF."""

from dataclasses import dataclass

SAMPLES = (1.0, 1.5, 2.0, 3.0)  # a pixel, by chroma format: monochrome, 4:2:0, 4:2:2, 4:4:4


@dataclass(frozen=True, slots=True)
class Coded:
    """The size of a coded picture, and how many bytes a pixel its decoder makes of it before there is any RGB."""

    width: int
    height: int
    plane_bytes: float


def plane_bytes(chroma_format: int, bit_depth: int) -> float:
    """Return the bytes a pixel of all planes; decoders keep samples of more than 8 bits in two bytes."""
    return SAMPLES[chroma_format] * (1 if bit_depth <= 8 else 2)


class Bits:
    """Bytes read bit by bit, the highest first; zeros after their end."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data)
        self._left = 8 * len(data)

    def read(self, count: int) -> int:
        """Return the next `count` bits as a number."""
        self._left -= count
        shifted = self._value >> self._left if self._left >= 0 else self._value << -self._left
        return shifted & (1 << count) - 1

    def read_exp_golomb(self) -> int:
        """Return a number of unknown length: as many zeros before its first one as bits after it."""
        zeros = 0
        while zeros < 32 and not self.read(1):
            zeros += 1
        return (1 << zeros) + self.read(zeros) - 1
