"""As many pictures as quantizing asks for, out of the few example photographs: parts and mirror images of them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.tasks.task import Pixels

OF_EACH = 6


def make_pictures(photographs: Iterable[Path]) -> Iterator[Pixels]:
    """Yield OF_EACH pictures of each photograph."""
    for path in photographs:
        whole = decode_image(path.read_bytes(), orientation=None, limits=ImageLimits()).pixels
        width = whole.shape[1]
        parts = (whole, whole[:, width // 4 :], whole[:, : -width // 4])
        for part in parts:
            yield np.ascontiguousarray(part)
            yield np.ascontiguousarray(part[:, ::-1])


def write_pictures(photographs: Iterable[Path], folder: Path) -> None:
    """Write them as JPEGs."""
    for number, picture in enumerate(make_pictures(photographs)):
        Image.fromarray(picture).save(folder / f"{number:02}.jpg", quality=92)
