"""Whether an upload is a video, by its first bytes and never by its name; what is in it, only the worker looks at."""

import re

from api.errors import UnsupportedImage, UnsupportedVideo
from api.images.sniff import find_kind
from api.jobs.types import JobKind

READABLE = "MP4, MOV, WebM, MKV or AVI"
# A box of ISO 14496-12 or QuickTime; EBML (Matroska and WebM); RIFF (AVI).
CONTAINERS = re.compile(rb"....(?:ftyp|moov|mdat|wide|free|skip|pnot)|\x1aE\xdf\xa3|RIFF....AVI ", re.DOTALL)


def find_job_kind(head: bytes) -> JobKind:
    """Return what is to be worked on. Raises UnsupportedVideo."""
    if CONTAINERS.match(head) and not _is_image(head):
        return JobKind.VIDEO
    if _is_image(head):
        return JobKind.IMAGE
    raise UnsupportedVideo(f"This is neither a video nor a photograph that we read; send {READABLE}.")


def _is_image(head: bytes) -> bool:
    try:
        find_kind(head)
    except UnsupportedImage:
        return False
    return True
