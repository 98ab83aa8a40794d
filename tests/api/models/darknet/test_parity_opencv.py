"""Our numbers against those of OpenCV's DNN, from the same files and the same input tensor."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from api.models.card import InputSpec
from api.models.darknet.network import Network, read_network
from api.models.engines.cores import Cores
from api.models.input import prepare_input
from api.models.load import load_model
from api.models.options import AS_DARKNET, EngineChoice
from api.tasks.detection.predictions import MAX_PREDICTIONS
from api.tasks.detection.yolo import decode_heads
from harness.darknet_models import ARCHITECTURES, net, write_model

pytestmark = pytest.mark.long

SIDE, SEEDED_SIDE = 416, 224  # pixels of the input; the heads of the seeded ones still have 7 x 7 cells and more
PROJECT = Path(__file__).parents[4]
# OpenCV's region layer sets class scores of at most this to 0 (`thresh` in its region_layer.cpp), so only higher ones
# can be compared.
HIDDEN_THRESHOLD = 0.2


@dataclass
class Pair:
    """Both programs' outputs for one input: raw heads, and OpenCV's decoded rows for each head."""

    network: Network
    side: int
    ours: list[np.ndarray]
    theirs: list[np.ndarray]
    their_rows: list[np.ndarray]


def run_both(folder: Path, name: str, x: np.ndarray, engine: EngineChoice) -> Pair:
    cfg = folder / f"{name}.cfg"
    network = read_network(cfg)
    ours = list(load_model(name, folder, replace(AS_DARKNET, engine=engine), Cores(2)).engine(x).values())

    peer = cv2.dnn.readNetFromDarknet(str(cfg), str(folder / f"{name}.weights"))
    peer.setInput(x)
    heads = [index for index, node in enumerate(network.nodes) if node.section.kind == "yolo"]
    outputs = peer.forward([f"conv_{index - 1}" for index in heads] + [f"yolo_{index}" for index in heads])
    return Pair(network, x.shape[3], ours, list(outputs[: len(heads)]), list(outputs[len(heads) :]))


CASES = [(name, EngineChoice.OPENVINO) for name in (*ARCHITECTURES, "published yolov3-tiny")]
CASES += [(name, EngineChoice.TORCH) for name in ("yolov3-tiny", "yolov4-tiny", "published yolov3-tiny")]


@pytest.fixture(scope="module", params=CASES, ids=lambda case: ", ".join(case))
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    name, engine = request.param
    if name == "published yolov3-tiny":
        photograph = cv2.imread(str(PROJECT / "site" / "examples" / "dog.jpg"))[:, :, ::-1]
        spec = InputSpec(size=(SIDE, SIDE))
        x = prepare_input(photograph, spec.place(photograph.shape[:2]), spec)
        yield run_both(PROJECT / "weights", "yolov3-tiny", x, engine)
        return
    x = np.random.default_rng(0).random((1, 3, SEEDED_SIDE, SEEDED_SIDE), np.float32)
    folder = tmp_path_factory.mktemp(name)
    write_model(folder, name, ARCHITECTURES[name].replace(net(), net(SEEDED_SIDE, SEEDED_SIDE)))
    yield run_both(folder, name, x, engine)
    shutil.rmtree(folder)  # half a gigabyte each


def test_raw_heads_agree(pair: Pair) -> None:
    """Within 1e-3 of values whose standard deviation is between 0.5 and 10 (float32 has 1e-6 of that)."""
    for ours, theirs in zip(pair.ours, pair.theirs, strict=True):
        assert 0.3 < theirs.std() < 10
        assert np.abs(ours - theirs).max() <= 1e-3


def test_decoded_boxes_and_scores_agree(pair: Pair) -> None:
    """Within 0.05 px and 1e-4, for every score that OpenCV does not set to 0 and every edge within twice the picture.

    Farther out exp() of a large raw value makes many pixels of a float's last digit, in boxes that are cut off anyway.
    """
    compared, side = 0, pair.side
    for raw, head, rows in zip(pair.ours, pair.network.heads, pair.their_rows, strict=True):
        found = decode_heads({"yolo": raw}, [head], (side, side), HIDDEN_THRESHOLD - 1e-3).best()
        ours = np.column_stack([found.class_ids * 1e4, found.boxes_xyxy.clip(-side, 2 * side)])
        # ours end at the 5,000 best
        lowest = found.confidences.min() if len(found) == MAX_PREDICTIONS else HIDDEN_THRESHOLD - 1e-3
        row, class_id = np.nonzero(rows[:, 5:] > lowest + 1e-3)
        centre, size = rows[row, :2] * side, rows[row, 2:4] * side
        boxes = np.hstack([centre - size / 2, centre + size / 2]).clip(-side, 2 * side)
        theirs = np.column_stack([class_id * 1e4, boxes])
        for box, score in zip(theirs, rows[row, 5 + class_id], strict=True):
            distances = np.abs(ours - box).max(axis=1)
            assert distances.min() <= 0.05
            twins = found.confidences[distances <= 0.05]
            assert np.abs(twins - score).min() <= 1e-4
        compared += len(theirs)
        assert (found.confidences > lowest + 1e-3 + 1e-4).sum() <= len(theirs)
    assert compared > 0
