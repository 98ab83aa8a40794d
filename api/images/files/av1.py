"""What an AV1 stream claims for its pictures (AV1 bitstream specification, sections 5.3 and 5.5)."""

from collections.abc import Iterator

from api.images.files.coded import Bits, Coded, plane_bytes

SEQUENCE_HEADER = 1
MAX_UNITS = 1_000


def coded_pictures(stream: bytes) -> Iterator[Coded]:
    """Give for each sequence header the largest picture that a frame of it can be."""
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
            yield _read_sequence(Bits(stream[place : place + min(size, 1000)]))
        place += size


def _read_sequence(bits: Bits) -> Coded:
    profile = bits.read(3)
    bits.read(1)  # still_picture
    is_still = bool(bits.read(1))  # reduced_still_picture_header
    if is_still:
        bits.read(5)
    else:
        _skip_timing_and_operating_points(bits)
    width_bits, height_bits = bits.read(4) + 1, bits.read(4) + 1
    width, height = bits.read(width_bits) + 1, bits.read(height_bits) + 1
    if not is_still:
        # Each frame may state a size of its own, in as many bits: up to twice what encoders need.
        width, height = max(width, 1 << width_bits - 1), max(height, 1 << height_bits - 1)
    _skip_tools(bits, is_still=is_still)
    return Coded(width, height, _plane_bytes(bits, profile))


def _skip_tools(bits: Bits, *, is_still: bool) -> None:
    if not is_still and bits.read(1):  # frame_id_numbers_present_flag
        bits.read(7)
    bits.read(3)  # superblocks of 128 x 128, filter-intra, intra-edge filter
    if not is_still:
        bits.read(4)
        has_order_hint = bits.read(1)
        if has_order_hint:
            bits.read(2)
        is_forced = bits.read(1) or bits.read(1)  # screen content: chosen a frame, or for all of them
        if is_forced and not bits.read(1):
            bits.read(1)
        if has_order_hint:
            bits.read(3)
    bits.read(3)  # super-resolution, CDEF, loop restoration


def _plane_bytes(bits: Bits, profile: int) -> float:
    """Return that of the profile's largest chroma format: a profile below 2 has only one, or no colours."""
    bit_depth = 10 if bits.read(1) else 8
    return plane_bytes(1 if profile == 0 else 3, bit_depth)


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
