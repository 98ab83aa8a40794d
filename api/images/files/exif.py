"""The one value of an Exif block that we use: how the picture is turned (EXIF 2.32 and TIFF 6.0, section 2)."""

import struct

UPRIGHT = 1
MARK = b"Exif\0\0"
ORIENTATION_TAG = 0x0112
SHORT = 3
BYTE_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}


def read_orientation(block: bytes) -> int:
    """Return the orientation in an Exif block, with or without its mark; 1 if none can be read."""
    block = block.removeprefix(MARK)
    order = BYTE_ORDERS.get(block[:4])
    if order is None:
        return UPRIGHT
    try:
        (directory,) = struct.unpack_from(f"{order}I", block, 4)
        (count,) = struct.unpack_from(f"{order}H", block, directory)
        entries = struct.iter_unpack(f"{order}HHIHxx", block[directory + 2 : directory + 2 + 12 * count])
        return next(
            (value for tag, kind, values, value in entries if (tag, kind, values) == (ORIENTATION_TAG, SHORT, 1)),
            UPRIGHT,
        )
    except struct.error:
        return UPRIGHT
