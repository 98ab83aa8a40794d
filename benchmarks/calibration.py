"""The photographs that int8 is calibrated on, and those that it is judged by: never the same.

Of an owner's photographs with known boxes, every other one, in the order of their names, calibrates. Without them the
crops of the example photographs do, which are good for speed and say nothing of accuracy.
"""

from dataclasses import replace
from pathlib import Path

from benchmarks.datasets import IMAGE_ENDINGS, Dataset
from benchmarks.photographs import EXAMPLES, write_crop

EVERY = 2  # so-manyth photograph calibrates
SHAPES = ((1, 1), (4, 3), (3, 4), (3, 2), (16, 9), (9, 16))  # (width, height) of the crops


def write_calibration(folder: Path, data: Path | None) -> Path:
    """Fill the folder with links to some of the data's photographs, or with crops of the examples; return it."""
    if folder.exists():
        return folder
    folder.mkdir()
    if data:
        paths = sorted(path for path in (data / "images").iterdir() if path.suffix.lower() in IMAGE_ENDINGS)
        for path in paths[::EVERY]:
            (folder / path.name).symlink_to(path.resolve())
        return folder
    for source in sorted(EXAMPLES.glob("*.jpg")):
        for width, height in SHAPES:
            write_crop(source, folder / f"{source.stem}-{width}x{height}.jpg", (width, height))
    return folder


def leave_out(dataset: Dataset, folder: Path) -> Dataset:
    """Return the data set without the photographs that lie in the folder."""
    used = {path.name for path in folder.iterdir()} if folder.exists() else set()
    paths = {number: path for number, path in dataset.paths.items() if path.name not in used}
    truth = {
        **dataset.truth,
        "images": [image for image in dataset.truth["images"] if image["id"] in paths],
        "annotations": [box for box in dataset.truth["annotations"] if box["image_id"] in paths],
    }
    return replace(dataset, paths=paths, truth=truth)
