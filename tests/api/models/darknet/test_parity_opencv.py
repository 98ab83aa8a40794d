"""Our numbers against those of OpenCV's DNN, from the same files and the same input tensor."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from api.models.darknet.network import Network, read_network
from api.models.darknet.raw import RawOutput
from api.models.engines.options import RunOptions
from api.models.engines.runtime import Execution, Runtime
from api.tasks.detection.postprocess import MAX_PREDICTIONS, decode_heads
from api.tasks.letterbox import Letterbox
from harness.darknet_models import ARCHITECTURES, write_model
from harness.raw_outputs import as_tensor

SIZE = 416
PROJECT = Path(__file__).parents[4]
# OpenCV's region layer sets class scores of at most this to 0 (`thresh` in its region_layer.cpp), so only higher ones
# can be compared.
HIDDEN_THRESHOLD = 0.2


@dataclass
class Pair:
    """Both programs' outputs for one input: raw heads, and OpenCV's decoded rows for each head."""

    network: Network
    ours: list[RawOutput]
    theirs: list[np.ndarray]
    their_rows: list[np.ndarray]


def run_both(folder: Path, name: str, x: torch.Tensor, execution: Execution) -> Pair:
    cfg = folder / f"{name}.cfg"
    network = read_network(cfg)
    ours = Runtime(network, folder / f"{name}.weights", RunOptions(threads=2), execution).run(x)

    peer = cv2.dnn.readNetFromDarknet(str(cfg), str(folder / f"{name}.weights"))
    peer.setInput(x.numpy())
    heads = [index for index, node in enumerate(network.nodes) if node.section.kind == "yolo"]
    outputs = peer.forward([f"conv_{index - 1}" for index in heads] + [f"yolo_{index}" for index in heads])
    return Pair(network, ours, list(outputs[: len(heads)]), list(outputs[len(heads) :]))


PACKED, PLAIN = (Execution(torch.float32, packed=packed) for packed in (True, False))
# The plain convolutions are the fallback where the packed ones do not work, so they are held to the same numbers.
CASES = [(name, PACKED) for name in (*ARCHITECTURES, "published yolov3-tiny")]
CASES += [(name, PLAIN) for name in ("yolov3-tiny", "yolov4-tiny", "published yolov3-tiny")]


@pytest.fixture(scope="module", params=CASES, ids=lambda case: f"{case[0]}, {case[1].description}")
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    name, execution = request.param
    if name == "published yolov3-tiny":
        photograph = cv2.imread(str(PROJECT / "site" / "examples" / "dog.jpg"))[:, :, ::-1]
        x = Letterbox.fit(photograph.shape[:2], (SIZE, SIZE)).to_tensor(photograph)
        yield run_both(PROJECT / "weights", "yolov3-tiny", x, execution)
        return
    x = torch.rand(1, 3, SIZE, SIZE, generator=torch.Generator().manual_seed(0))
    folder = tmp_path_factory.mktemp(name)
    write_model(folder, name, ARCHITECTURES[name])
    yield run_both(folder, name, x, execution)
    for file in folder.iterdir():
        file.unlink()  # a quarter of a gigabyte each


def test_raw_heads_agree(pair: Pair) -> None:
    """Within 1e-3 of values whose standard deviation is between 0.5 and 10 (float32 has 1e-6 of that)."""
    for ours, theirs in zip(pair.ours, pair.theirs, strict=True):
        assert 0.3 < theirs.std() < 10
        assert np.abs(as_tensor(ours).numpy() - theirs).max() <= 1e-3


def test_decoded_boxes_and_scores_agree(pair: Pair) -> None:
    """Within 0.05 px and 1e-4, for every score that OpenCV does not set to 0 and every edge within twice the picture.

    Farther out exp() of a large raw value makes many pixels of a float's last digit, in boxes that are cut off anyway.
    """
    compared = 0
    for raw, head, rows in zip(pair.ours, pair.network.heads, pair.their_rows, strict=True):
        found = decode_heads([raw], [head], (SIZE, SIZE), confidence=HIDDEN_THRESHOLD - 1e-3)
        ours = np.column_stack([found.class_ids * 1e4, found.boxes_xyxy.clamp(-SIZE, 2 * SIZE)])
        # ours end at the 5,000 best
        lowest = found.confidences.min().item() if len(found) == MAX_PREDICTIONS else HIDDEN_THRESHOLD - 1e-3
        row, class_id = np.nonzero(rows[:, 5:] > lowest + 1e-3)
        centre, size = rows[row, :2] * SIZE, rows[row, 2:4] * SIZE
        boxes = np.hstack([centre - size / 2, centre + size / 2]).clip(-SIZE, 2 * SIZE)
        theirs = np.column_stack([class_id * 1e4, boxes])
        for box, score in zip(theirs, rows[row, 5 + class_id], strict=True):
            distances = np.abs(ours - box).max(axis=1)
            assert distances.min() <= 0.05
            twins = found.confidences[torch.from_numpy(distances <= 0.05)].numpy()
            assert np.abs(twins - score).min() <= 1e-4
        compared += len(theirs)
        assert (found.confidences > lowest + 1e-3 + 1e-4).sum() <= len(theirs)
    assert compared > 0
