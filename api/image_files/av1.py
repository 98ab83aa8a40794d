"""The size that an AV1 stream claims for its pictures (AV1 bitstream specification, sections 5.3 and 5.5)."""

from collections.abc import Iterator

SEQUENCE_HEADER = 1
MAX_UNITS = 1_000


def coded_sizes(stream: bytes) -> Iterator[tuple[int, int]]:
    """Give for each sequence header the largest (width, height) that a frame of it can have."""
    place = 0
    for _ in range(MAX_UNITS):
        if place >= len(stream):
            return
        header = stream[place]
        place += 2 if header & 0x04 else 1  # with an extension
        size = len(stream) - place
        if header & 0x02:
            size, place = _read_leb128(stream, place)
        if header >> 3 & 0x0F == SEQUENCE_HEADER:
            yield _largest_frame(Bits(stream[place : place + min(size, 1000)]))
        place += size


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


def _largest_frame(bits: Bits) -> tuple[int, int]:
    bits.read(4)  # profile, still_picture
    is_still = bits.read(1)  # reduced_still_picture_header
    if is_still:
        bits.read(5)
    else:
        _skip_timing_and_operating_points(bits)
    width_bits, height_bits = bits.read(4) + 1, bits.read(4) + 1
    width, height = bits.read(width_bits) + 1, bits.read(height_bits) + 1
    if is_still:
        return width, height
    # Each frame of a moving picture may state a size of its own, in as many bits: up to twice what encoders need.
    return max(width, 1 << width_bits - 1), max(height, 1 << height_bits - 1)


def _skip_timing_and_operating_points(bits: Bits) -> None:
    delay_bits, has_model = 0, 0
    if bits.read(1):  # timing_info
        bits.read(64)
        if bits.read(1):
            _skip_uvlc(bits)
        has_model = bits.read(1)
        if has_model:
            delay_bits = bits.read(5) + 1
            bits.read(42)
    has_delay = bits.read(1)
    for _ in range(bits.read(5) + 1):
        bits.read(12)
        if bits.read(5) > 7:  # level
            bits.read(1)
        if has_model and bits.read(1):
            bits.read(2 * delay_bits + 1)
        if has_delay and bits.read(1):
            bits.read(4)


def _skip_uvlc(bits: Bits) -> None:
    zeros = 0
    while zeros < 32 and not bits.read(1):
        zeros += 1
    bits.read(zeros)


def _read_leb128(data: bytes, place: int) -> tuple[int, int]:
    value = 0
    for index, byte in enumerate(data[place : place + 8]):
        value |= (byte & 0x7F) << 7 * index
        if not byte & 0x80:
            return value, place + index + 1
    return len(data), place
