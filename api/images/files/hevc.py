"""What an HEVC stream claims for its pictures: its sequence parameter sets (ITU-T H.265, sections 7.3.2.2 and 7.3.3).

In a HEIC they stand in the `hvcC` box (ISO 14496-15, section 8.3.3.1).
"""

from collections.abc import Iterator

from api.images.files.coded import Bits, Coded, plane_bytes

BEFORE_ARRAYS = 22
SEQUENCE_PARAMETERS = 33  # a type of NAL unit
HEADER = 2
LONGEST = 1_000
LARGEST_BLOCK = 64  # pixels, a side
PROFILE_BITS, LEVEL_BITS, MOST_SUB_LAYERS = 88, 8, 8


def coded_pictures(configuration: bytes) -> Iterator[Coded]:
    """Give what each sequence parameter set of an `hvcC` box says."""
    place = BEFORE_ARRAYS + 1
    for _ in range(configuration[BEFORE_ARRAYS]):
        kind, units = configuration[place] & 0x3F, int.from_bytes(configuration[place + 1 : place + 3])
        place += 3
        for _ in range(units):
            start, length = place + 2, int.from_bytes(configuration[place : place + 2])
            place = start + length
            if place > len(configuration):
                return
            if kind == SEQUENCE_PARAMETERS:
                unit = configuration[start + HEADER : min(place, start + LONGEST)]
                yield _read_parameters(Bits(unit.replace(b"\0\0\3", b"\0\0")))


def _read_parameters(bits: Bits) -> Coded:
    bits.read(4)  # the video parameter set's number
    sub_layers = bits.read(3)
    bits.read(1)
    _skip_profiles(bits, sub_layers)
    bits.read_exp_golomb()  # its own number
    chroma_format = min(bits.read_exp_golomb(), 3)
    if chroma_format == 3:
        bits.read(1)  # separate_colour_plane_flag
    width, height = bits.read_exp_golomb(), bits.read_exp_golomb()
    left, right, top, bottom = [bits.read_exp_golomb() for _ in range(4)] if bits.read(1) else [0] * 4
    luma, chroma = bits.read_exp_golomb(), bits.read_exp_golomb()
    # What is cut off fills the last blocks; a file that cuts off more has it decoded all the same.
    width -= min((left + right) * (2 if chroma_format in (1, 2) else 1), LARGEST_BLOCK)
    height -= min((top + bottom) * (2 if chroma_format == 1 else 1), LARGEST_BLOCK)
    return Coded(width, height, plane_bytes(chroma_format, 8 + max(luma, chroma)))


def _skip_profiles(bits: Bits, sub_layers: int) -> None:
    bits.read(PROFILE_BITS + LEVEL_BITS)
    present = [(bits.read(1), bits.read(1)) for _ in range(sub_layers)]
    if sub_layers:
        bits.read(2 * (MOST_SUB_LAYERS - sub_layers))
    for has_profile, has_level in present:
        bits.read(PROFILE_BITS * has_profile + LEVEL_BITS * has_level)
