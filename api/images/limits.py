"""Limits on an image's size, and on files that cost much more than one pass over their pixels."""

from dataclasses import dataclass

from PIL import Image

from api.errors import RefusedImage
from api.images.files.stripped import Stripped

MAX_SIDE = 12_000
MAX_SCANNED_MEGAPIXELS = 400  # megapixels times scans: the first passes over 25 megapixels take 30 ms each
MAX_CMYK_MEGAPIXELS = 16  # if all of a JPEG is kept, that is 8 bytes a pixel
MAX_ANIMATED_MEGAPIXELS = 8  # the decoder of animated WebP keeps two canvases of its own


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """What is refused: more than `max_megapixels` (millions of pixels)."""

    max_megapixels: float = 25.0


def check_size(width: int, height: int, limits: ImageLimits) -> None:
    """Raise RefusedImage for too many pixels, too long a side, or none."""
    if width * height > limits.max_megapixels * 1e6:
        raise RefusedImage(
            f"The image has {width} x {height} = {width * height / 1e6:.1f} megapixels;"
            f" at most {limits.max_megapixels:g} are accepted. Make it smaller."
        )
    if max(width, height) > MAX_SIDE:
        raise RefusedImage(f"The image is {width} x {height} pixels; no side may exceed {MAX_SIDE}. Make it smaller.")
    if min(width, height) < 1:
        raise RefusedImage("The image has no pixels.")


def check_cost(image: Image.Image, file: Stripped) -> None:
    """Raise RefusedImage for a file of few bytes and pixels that asks for much more than one pass over them."""
    megapixels = image.size[0] * image.size[1] / 1e6
    if file.kept_components > len("RGB") and megapixels > MAX_CMYK_MEGAPIXELS:
        raise RefusedImage(
            f"A progressive JPEG in CMYK may have at most {MAX_CMYK_MEGAPIXELS} megapixels; save it in RGB."
        )
    if file.scans * megapixels > MAX_SCANNED_MEGAPIXELS:
        raise RefusedImage(f"The JPEG has {file.scans} scans of {megapixels:.1f} megapixels each; save it anew.")
    if image.format == "WEBP" and getattr(image, "n_frames", 1) > 1 and megapixels > MAX_ANIMATED_MEGAPIXELS:
        raise RefusedImage(f"An animated WebP may have at most {MAX_ANIMATED_MEGAPIXELS} megapixels; send one picture.")
