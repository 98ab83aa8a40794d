"""The same weights with pjreddie's cfg and with one of AlexeyAB's fork: each as its own program has it, to the digit.

Debian's `darknet` is pjreddie's. The fork's is in no package, so OpenCV's DNN reads its cfg, and the image is stretched
here as its `resize_image` does (`src/image.c` of https://github.com/AlexeyAB/darknet): linear, corner pixels on corner
pixels. Neither gets a JPEG, since each program decodes it a little differently.
"""

import json
import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from api.models.engines.cores import Cores
from api.models.load import load_model
from api.models.model import Model
from api.models.options import AS_DARKNET, EngineChoice
from api.tasks.detection.types import DetectionOptions
from harness.darknet_models import seeded_weights, yolov3_tiny

SIZE = 416
CLASSES = 80
CONFIDENCE = 0.25  # OpenCV hides scores of 0.2 and less
BOX_TOLERANCE, SCORE_TOLERANCE = 0.05, 1e-4  # pixels; share
ORIGINAL = yolov3_tiny()
FORK = ORIGINAL.replace("[net]", "[net]\nmosaic=1").replace("num=6", "num=6\niou_loss=ciou\nnms_kind=greedynms")
# The COCO ids of the 80 classes leave out ten that were never annotated.
COCO_IDS = [n for n in range(1, 91) if n not in (12, 26, 29, 30, 45, 66, 68, 69, 71, 83)]
# A photograph and how much of it, (height, width), so that the borders are of whole pixels: with odd ones, the original
# program puts the image half a pixel from where it takes its boxes to be. It crashes with fewer than four photographs.
IMAGES = [("dog", 576, 768), ("dog", 576, 400), ("eagle", 496, 768), ("person", 400, 640)]

Rows = NDArray[np.float64]  # class id, x1, y1, x2, y2 in pixels of the image, cut at its edges, score


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both models, with the same weights."""
    folder = tmp_path_factory.mktemp("models")
    (folder / "original.weights").write_bytes(seeded_weights(ORIGINAL))
    (folder / "fork.weights").symlink_to(folder / "original.weights")
    for name, cfg in (("original", ORIGINAL), ("fork", FORK)):
        (folder / f"{name}.cfg").write_text(cfg)
        (folder / f"{name}.names").write_text("".join(f"thing {number}\n" for number in range(CLASSES)))
    return folder


@pytest.fixture(scope="module")
def images(photographs: dict[str, Path]) -> list[NDArray[np.uint8]]:
    """Photographs of several shapes, HWC RGB."""
    return [cv2.imread(str(photographs[name]))[:height, :width, ::-1].copy() for name, height, width in IMAGES]


def find(model: Model, image: NDArray[np.uint8]) -> Rows:
    """Return all that a model finds, with nothing suppressed."""
    everything = DetectionOptions(confidence=CONFIDENCE, iou=1.0, max_detections=100_000)
    found = model.run(image, everything).detections
    rows = [(one.class_id, one.box.x1, one.box.y1, one.box.x2, one.box.y2, one.confidence) for one in found]
    return np.array(rows, np.float64).reshape(-1, 6)


def run_opencv(folder: Path, name: str, image: NDArray[np.uint8]) -> Rows:
    height, width = image.shape[:2]
    across, down = np.linspace(0, width - 1, SIZE), np.linspace(0, height - 1, SIZE)
    planes = image.transpose(2, 0, 1) / 255
    wide = np.array([[np.interp(across, np.arange(width), row) for row in plane] for plane in planes])
    square = np.array([[np.interp(down, np.arange(height), column) for column in plane.T] for plane in wide])
    network = cv2.dnn.readNetFromDarknet(str(folder / f"{name}.cfg"), str(folder / f"{name}.weights"))
    network.setInput(square.transpose(0, 2, 1)[None].astype(np.float32))
    found = np.concatenate(network.forward(network.getUnconnectedOutLayersNames())).astype(np.float64)
    row, class_id = np.nonzero(found[:, 5:] >= CONFIDENCE)
    centre, half = found[row, :2], found[row, 2:4] / 2
    corners = np.hstack([centre - half, centre + half]).clip(0, 1) * [width, height, width, height]
    return inside(np.column_stack([class_id, corners, found[row, 5 + class_id]]))


def run_darknet(folder: Path, name: str, images: list[NDArray[np.uint8]], results: Path) -> list[Rows]:
    """Run `detector valid`, which takes the number in a file's name for its id."""
    paths = [results / f"photo_{number}.png" for number in range(len(images))]
    for path, image in zip(paths, images, strict=True):
        cv2.imwrite(str(path), image[:, :, ::-1])
    (results / "list.txt").write_text("".join(f"{path}\n" for path in paths))
    data = results / "coco.data"
    data.write_text(f"valid={results}/list.txt\nnames={folder}/{name}.names\neval=coco\nresults={results}\n")
    command = [
        "darknet",
        "detector",
        "valid",
        data,
        folder / f"{name}.cfg",
        folder / f"{name}.weights",
        "-out",
        "found",
    ]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    finished = subprocess.run(command, cwd=results, env=environment, capture_output=True, text=True, timeout=120)
    assert finished.returncode == 0, finished.stderr
    rows: list[list[tuple[float, ...]]] = [[] for _ in images]
    for one in json.loads((results / "found.json").read_text()):
        x, y, width, height = one["bbox"]
        row = (COCO_IDS.index(one["category_id"]), x, y, x + width, y + height, one["score"])
        rows[one["image_id"]] += [row] if one["score"] >= CONFIDENCE else []
    return [inside(np.array(some, np.float64).reshape(-1, 6)) for some in rows]


def inside(rows: Rows) -> Rows:
    """Return the rows whose boxes have a part in the image; both programs list others, too."""
    return rows[(rows[:, 3] > rows[:, 1]) & (rows[:, 4] > rows[:, 2])]


def without_twin(some: Rows, others: Rows) -> Rows:
    """Return the rows of `some` that `others` does not have, within the tolerances."""
    tolerances = np.array([0, *[BOX_TOLERANCE] * 4, SCORE_TOLERANCE])
    return np.array([row for row in some if not (np.abs(others - row) <= tolerances).all(axis=1).any()]).reshape(-1, 6)


def require_twins(some: Rows, others: Rows) -> None:
    assert len(some) > 10
    lonely = without_twin(some, others)
    assert not len(lonely), lonely


@pytest.mark.parametrize("engine", [EngineChoice.OPENVINO, EngineChoice.TORCH])
def test_the_forks_model_is_as_its_program_has_it(
    folder: Path, images: list[NDArray[np.uint8]], engine: EngineChoice
) -> None:
    options = replace(AS_DARKNET, engine=engine)
    fork, original = (load_model(name, folder, options, Cores(2)) for name in ("fork", "original"))
    for image in images:
        ours, theirs = find(fork, image), run_opencv(folder, "fork", image)
        require_twins(ours, theirs)
        require_twins(theirs, ours)
        assert len(without_twin(theirs, find(original, image))) > 0.9 * len(theirs)


@pytest.mark.parametrize("engine", [EngineChoice.OPENVINO, EngineChoice.TORCH])
@pytest.mark.skipif(shutil.which("darknet") is None, reason="the original program is not here (Debian: darknet)")
def test_the_originals_model_is_as_its_program_has_it(
    folder: Path, images: list[NDArray[np.uint8]], engine: EngineChoice, tmp_path: Path
) -> None:
    """One way only: it suppresses boxes before it cuts them at the image's edges, and Pagesight afterwards."""
    options = replace(AS_DARKNET, engine=engine)
    fork, original = (load_model(name, folder, options, Cores(2)) for name in ("fork", "original"))
    for image, theirs in zip(images, run_darknet(folder, "original", images, tmp_path), strict=True):
        require_twins(theirs, find(original, image))
        assert len(without_twin(theirs, find(fork, image))) > 0.9 * len(theirs)
