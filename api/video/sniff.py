"""What kind of video this is, by its first bytes and never by its name."""

import re

from api.errors import UnsupportedVideo

READABLE = "MP4, MOV, WebM, MKV or AVI"
HEAD_BYTES = 4096

# An MP4 begins with a box `ftyp` that lists its brands (ISO 14496-12, section 4.3); an old MOV may begin with any box.
# Matroska is EBML (RFC 8794), AVI is RIFF.
READ = {
    "MP4": rb"....(?:ftyp(?!hei|hev|mif1|msf1|avi[fs])|moov|mdat|wide|free|skip|pnot)",
    "MKV": rb"\x1a\x45\xdf\xa3",
    "AVI": rb"RIFF....AVI ",
}
# In words for a person: what else people send.
OTHERS = {
    "an image": rb"\xff\xd8\xff|\x89PNG|GIF8|BM|RIFF....WEBP|....ftyp|II\*\0|MM\0\*",
    "sound without pictures": rb"ID3|OggS|fLaC|RIFF....WAVE|\xff[\xf1\xf9\xfb\xf3]",
    "a video of a kind we do not read": rb"FLV|\x30\x26\xb2\x75|\0\0\x01[\xb3\xba]|\x47.{187}\x47|\.RMF",
    "a web page": rb"\s*<",
    "a PDF document": rb"\s*%PDF",
    "an archive": rb"PK\x03\x04|\x1f\x8b|7z\xbc\xaf|Rar!",
}
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def find_kind(head: bytes) -> str:
    """Return the kind, a key of `READ`, by the first `HEAD_BYTES` bytes. Raises UnsupportedVideo for any other file."""
    for kind, first_bytes in READ.items():
        if re.match(first_bytes, head, re.DOTALL):
            return kind
    raise UnsupportedVideo(f"This is {_describe(head)}; videos are read as {READABLE}.")


def _describe(head: bytes) -> str:
    words = head.removeprefix(BYTE_ORDER_MARK)
    for what, first_bytes in OTHERS.items():
        if re.match(first_bytes, words, re.DOTALL):
            return what
    if not head:
        return "an empty file"
    try:
        is_text = "\0" not in head[:512].decode("utf-8")
    except UnicodeDecodeError:
        is_text = False
    return "text" if is_text else "not a video of a kind we read"
