"""Whether an upload is a photograph or a video, by its first bytes; what is in it, only the worker looks at."""

from api.errors import UnsupportedImage
from api.images import sniff as images
from api.jobs.types import JobKind
from api.video import sniff as videos


def find_job_kind(head: bytes) -> JobKind:
    """Return what is to be worked on. Raises UnsupportedVideo."""
    try:
        images.find_kind(head)
    except UnsupportedImage:
        videos.find_kind(head)
        return JobKind.VIDEO
    return JobKind.IMAGE
