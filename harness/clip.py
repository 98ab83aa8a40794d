"""What Chromium plays in the place of a camera: photographs one after the other, as an MJPEG file."""

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageOps

SIZE = (960, 720)  # in the order of Pillow


def write_clip(
    path: Path, photographs: Sequence[Path], *, size: tuple[int, int] = SIZE, frames_each: int = 30
) -> list[bytes]:
    """Write a clip that shows each photograph for a number of frames; Chromium plays it again and again.

    Returns the frames, a JPEG of each photograph.
    """
    frames = [frame_of(photograph, size) for photograph in photographs]
    path.write_bytes(b"".join(frame * frames_each for frame in frames))
    return frames


def camera_flags(clip: Path) -> tuple[str, ...]:
    """Return what has Chromium play a clip as its camera, and lets every page have it."""
    return (
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={clip}",
    )


def frame_of(photograph: Path, size: tuple[int, int]) -> bytes:
    """Return a photograph as a JPEG of a size (Pillow's order), with grey beside it."""
    with Image.open(photograph) as opened:
        fitted = ImageOps.pad(opened.convert("RGB"), size, color=(64, 64, 64))
    jpeg = io.BytesIO()
    fitted.save(jpeg, "JPEG", quality=92)
    return jpeg.getvalue()
