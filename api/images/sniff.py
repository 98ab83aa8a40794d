"""What kind of file this is, by its first bytes and never by its name: one table for everything that asks."""

import re

from api.errors import UnsupportedImage

READABLE = "JPEG, PNG, WebP, GIF, BMP, HEIC or AVIF"
HEAD_BYTES = 4096

# The kinds that are read, under Pillow's names. A HEIC or an AVIF begins with a box `ftyp` that lists its brands (ISO
# 14496-12, section 4.3; ISO 23008-12; the AVIF specification). `mif1` and `msf1` are common to both: a later one says
# which it is.
READ = {
    "JPEG": rb"\xff\xd8\xff",
    "PNG": rb"\x89PNG\r\n\x1a\n",
    "GIF": rb"GIF8[79]a",
    "BMP": rb"BM",
    "WEBP": rb"RIFF....WEBP",
    "AVIF": rb"....ftyp(?!hei|hev)(?:....){0,8}?avi[fs]",
    "HEIF": rb"....ftyp(?:hei[cxms]|hev[cx]|mif1|msf1)",
}
# In words for a person: what else people send.
OTHERS = {
    "an SVG drawing": rb"\s*<(?:svg|.*<svg)",
    "a PDF document": rb"\s*%PDF",
    "a web page": rb"\s*<",
    "a TIFF": rb"II\*\0|MM\0\*",
    "a video or another kind of MP4 file": rb"....ftyp",
}
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def find_kind(data: bytes) -> str:
    """Return the kind, a key of `READ`. Raises UnsupportedImage for any other file."""
    head = data[:HEAD_BYTES]
    for kind, first_bytes in READ.items():
        if re.match(first_bytes, head, re.DOTALL):
            return kind
    raise UnsupportedImage(f"This is {_describe(head)}; send a photograph as {READABLE}.")


def _describe(head: bytes) -> str:
    words = head.removeprefix(BYTE_ORDER_MARK)
    for what, first_bytes in OTHERS.items():
        if re.match(first_bytes, words, re.DOTALL | re.IGNORECASE):
            return what
    try:
        head[:512].decode("utf-8")
    except UnicodeDecodeError:
        return "not an image of a kind we read"
    return "text"
