"""Our detections against those of the original program, Debian's `darknet`, in its six photographs.

What differs and is allowed: `detector test` prints whole percents; both programs decode the JPEG with a library of
their own, which moves single pixels by a step or two; and `detector valid` ends at a confidence of 0.005, where such a
step decides what is still listed, so boxes are compared from 0.006 on.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.models.engines.cores import Cores
from api.models.load import load_model
from api.models.model import Model
from api.models.options import AS_DARKNET
from api.tasks.detection.types import Detection, DetectionOptions

PROJECT = Path(__file__).parents[4]
CFG, WEIGHTS, NAMES = (PROJECT / "weights" / name for name in ("yolov3-tiny.cfg", "yolov3-tiny.weights", "coco.names"))
# The COCO ids of the 80 classes leave out ten that were never annotated.
COCO_IDS = [n for n in range(1, 91) if n not in (12, 26, 29, 30, 45, 66, 68, 69, 71, 83)]
PHOTOGRAPHS = ("dog", "eagle", "giraffe", "horses", "kite", "person")

pytestmark = pytest.mark.skipif(
    shutil.which("darknet") is None, reason="the original program is not here (Debian: apt install darknet)"
)


@pytest.fixture(scope="module")
def detector() -> Model:
    """A detector that does everything as Darknet does it."""
    return load_model("yolov3-tiny", PROJECT / "weights", AS_DARKNET, Cores(2))


def run_darknet(folder: Path, *arguments: str) -> str:
    """Run the original program and return what it prints. Its OpenCV wants a screen or to be told there is none."""
    data = folder / "coco.data"
    data.write_text(f"classes=80\nvalid={folder}/list.txt\nnames={NAMES}\neval=coco\nresults={folder}\n")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = ["darknet", "detector", arguments[0], str(data), str(CFG), str(WEIGHTS), *arguments[1:]]
    finished = subprocess.run(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def detect(detector: Model, path: Path, confidence: float) -> list[Detection]:
    image = decode_image(path.read_bytes(), orientation=None, limits=ImageLimits()).pixels
    return list(detector.run(image, DetectionOptions(confidence=confidence, iou=0.45, max_detections=1000)).detections)


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_prints_the_same_labels_and_percents(
    name: str, detector: Model, photographs: dict[str, Path], tmp_path: Path
) -> None:
    labels = tmp_path / "data" / "labels"
    labels.parent.mkdir()
    labels.symlink_to("/usr/share/darknet/data/labels")  # where it finds its letters
    printed = run_darknet(tmp_path, "test", str(photographs[name]), "-thresh", "0.25", "-out", "drawn")
    theirs = sorted((label, int(percent)) for label, percent in re.findall(r"^(\D+): (\d+)%$", printed, re.MULTILINE))
    ours = sorted((one.label, one.confidence * 100) for one in detect(detector, photographs[name], 0.25))
    assert [label for label, _ in ours] == [label for label, _ in theirs]
    for (label, our_percent), (_, their_percent) in zip(ours, theirs, strict=True):
        assert our_percent == pytest.approx(their_percent, abs=1), label


def test_boxes_agree(detector: Model, photographs: dict[str, Path], tmp_path: Path) -> None:
    """Edges within 2 px and confidences within a percentage point, for all boxes of at least 0.006, either way."""
    listed = [tmp_path / f"photo_{number}.jpg" for number in range(len(PHOTOGRAPHS))]  # it takes the number for the id
    for path, name in zip(listed, PHOTOGRAPHS, strict=True):
        path.symlink_to(photographs[name])
    (tmp_path / "list.txt").write_text("".join(f"{path}\n" for path in listed))
    run_darknet(tmp_path, "valid", "-out", "found")
    rows = json.loads((tmp_path / "found.json").read_text())

    compared = 0
    for number, path in enumerate(listed):
        theirs = [(COCO_IDS.index(row["category_id"]), *corners(row["bbox"]), 100 * row["score"])
                  for row in rows if row["image_id"] == number]  # fmt: skip
        ours = [(one.class_id, one.box.x1, one.box.y1, one.box.x2, one.box.y2, 100 * one.confidence)
                for one in detect(detector, path, 0.005)]  # fmt: skip
        for some, others in ((ours, theirs), (theirs, ours)):
            for row in (row for row in some if row[-1] >= 0.6):
                assert any(is_same(row, other) for other in others), f"{PHOTOGRAPHS[number]}: {row} has no twin"
                compared += 1
    assert compared > 150


def corners(bbox: list[float]) -> tuple[float, float, float, float]:
    x, y, width, height = bbox
    return x, y, x + width, y + height


def is_same(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    distances = np.abs(np.subtract(one, other))
    return bool(distances[0] == 0 and distances[1:5].max() <= 2 and distances[5] <= 1)
