"""Photographs to small upright pictures of one size, decoded once and kept beside the model while it is trained."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.errors import ApiError
from api.images.decode import DecodedImage, decode_image
from api.images.limits import ImageLimits
from api.models.card import Fit, InputSpec, Sampling
from api.models.engines.cores import available_cores
from api.models.input import prepare_input
from api.training.dataset import Dataset, Photograph, Refused, check_counts
from api.training.progress import Progress, steps_of
from api.training.thumbnail import SIDE, thumbnail

CELL, SMALLEST, LARGEST = 32, 64, 224  # pixels of a side; the backbones have learnt from 224
ENLARGED = 2.0  # by how much a small photograph is: the backbones look for things of a certain size
LOOKED_AT = 60  # photographs that say which size is right
LEAST_SIDE = 8
PIXELS, THUMBNAILS, FACTS = "pictures.u8", "thumbnails.u8", "pictures.json"


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """The photographs that could be decoded, and `dataset` with these alone. `pixels` lie in a file."""

    dataset: Dataset
    pixels: NDArray[np.uint8]  # (N, height, width, 3) RGB
    thumbnail: NDArray[np.uint8]  # (N, 16, 16) grey
    key: str  # of the files and the size

    @property
    def side(self) -> int:
        """The height and width in pixels."""
        return int(self.pixels.shape[1])

    @property
    def labels(self) -> NDArray[np.int64]:
        """The label of each, (N,)."""
        return np.array([one.label for one in self.dataset.photographs], np.int64)


def describe_input(side: int) -> InputSpec:
    """Return the input of a network that is trained here: all of the photograph, in a square."""
    return InputSpec(size=(side, side), resize=Fit.STRETCH, sampling=Sampling.ANTIALIAS, pad=None)


def choose_side(dataset: Dataset, limits: ImageLimits) -> int:
    """Return the input's side that suits the photographs: small ones are enlarged, but no more than is of use."""
    spread = dataset.photographs[:: -(-len(dataset.photographs) // LOOKED_AT)]
    sizes = [decoded.size for one in spread if isinstance(decoded := _decode(one, limits, LARGEST), DecodedImage)]
    if not sizes:
        return LARGEST
    shorter = float(np.median([min(size) for size in sizes]))
    return int(np.clip(np.ceil(ENLARGED * shorter / CELL) * CELL, SMALLEST, LARGEST))


def read_pictures(
    dataset: Dataset, side: int | None, *, limits: ImageLimits, folder: Path, progress: Progress
) -> Pictures:
    """Decode the photographs, or take those that are kept in `folder` if they are still the same.

    Without a side, one is chosen. Raises DataError if too few can be decoded, Stopped.
    """
    side = side or choose_side(dataset, limits)
    key = _key(dataset, side)
    if (facts := _read_facts(folder, key)) is None:
        facts = _decode_all(dataset, side, limits, folder, progress)
        (folder / FACTS).write_text(json.dumps(facts | {"key": key}), encoding="utf-8")
    kept = tuple(dataset.photographs[place] for place in facts["kept"])
    refused = tuple(Refused(name, reason) for name, reason in facts["refused"])
    check_counts(dataset.labels, [one.label for one in kept], dataset.folder)
    shape = (len(kept), side, side, 3)
    return Pictures(
        replace(dataset, photographs=kept, refused=(*dataset.refused, *refused)),
        np.memmap(folder / PIXELS, np.uint8, "r", shape=shape),
        np.fromfile(folder / THUMBNAILS, np.uint8).reshape(len(kept), SIDE, SIDE),
        key,
    )


def forget_pictures(folder: Path) -> None:
    """Remove what is kept."""
    for name in (FACTS, PIXELS, THUMBNAILS):
        (folder / name).unlink(missing_ok=True)


def _key(dataset: Dataset, side: int) -> str:
    """Return what changes if a photograph or the size does."""
    stats = [(one, one.path.stat()) for one in dataset.photographs]
    listed = [side, *((one.name, stat.st_size, stat.st_mtime_ns) for one, stat in stats)]
    return hashlib.sha256(json.dumps(listed).encode()).hexdigest()


def _read_facts(folder: Path, key: str) -> dict[str, Any] | None:
    try:
        facts: dict[str, Any] = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    is_whole = all((folder / name).is_file() for name in (PIXELS, THUMBNAILS))
    return facts if facts.get("key") == key and is_whole else None


def _decode_all(dataset: Dataset, side: int, limits: ImageLimits, folder: Path, progress: Progress) -> dict[str, Any]:
    """Write the pixels of all that can be decoded; returns which these are, and what is wrong with the others."""
    forget_pictures(folder)
    kept, refused = [], []
    pool = ThreadPoolExecutor(available_cores())
    try:
        made = pool.map(lambda one: _make_picture(one, side, limits), dataset.photographs)
        with (folder / PIXELS).open("wb") as file, (folder / THUMBNAILS).open("wb") as thumbnails:
            photographs = dataset.photographs
            for place, picture in enumerate(steps_of(made, "reading photographs", len(photographs), progress)):
                if isinstance(picture, str):
                    refused.append((photographs[place].name, picture))
                else:
                    file.write(picture[0].tobytes())
                    thumbnails.write(picture[1].tobytes())
                    kept.append(place)
    finally:
        pool.shutdown(cancel_futures=True)
    return {"kept": kept, "refused": refused}


def _make_picture(one: Photograph, side: int, limits: ImageLimits) -> tuple[NDArray[np.uint8], NDArray[np.uint8]] | str:
    """Return a picture and its thumbnail, or why there is none."""
    spec = replace(describe_input(side), scale=1.0)
    decoded = _decode(one, limits, spec.enough_side())
    if isinstance(decoded, str):
        return decoded
    pixels = decoded.pixels
    scaled = prepare_input(pixels, spec.place(pixels.shape[:2]), spec)[0].transpose(1, 2, 0)
    return scaled.astype(np.uint8), thumbnail(pixels)


def _decode(one: Photograph, limits: ImageLimits, enough_for: int) -> DecodedImage | str:
    try:
        decoded = decode_image(one.path.read_bytes(), orientation=None, limits=limits, enough_for=enough_for)
    except ApiError as error:
        return error.detail
    except OSError as error:
        return f"It cannot be read: {error.strerror}."
    height, width = decoded.size
    if min(height, width) < LEAST_SIDE:
        return f"It has {width} x {height} pixels; at least {LEAST_SIDE} x {LEAST_SIDE} are needed to see something."
    return decoded
