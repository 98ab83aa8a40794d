"""benchmarks/peers: what an expert's program does by hand is what Pagesight does, on the same canvas."""

from pathlib import Path

import numpy as np
import pytest

from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.models.engines.cores import Cores
from api.models.load import load_model
from api.models.options import Precision, RunOptions
from api.tasks.detection.types import DetectionOptions
from api.tasks.letterbox import Letterbox
from benchmarks.peers.contract import GRID, Heads, SquareContestant
from benchmarks.peers.letterbox import letterbox
from harness.gunicorn_server import PROJECT

SQUARE = (416, 416)
TINY = PROJECT / "weights" / "yolov3-tiny.cfg"


@pytest.mark.parametrize("size", [(300, 400), (720, 1280), (1280, 720), (416, 416), (3, 900), (901, 7), (333, 500)])
@pytest.mark.parametrize("cell", [0, GRID])
def test_canvas_of_a_peer_is_pagesights(size: tuple[int, int], cell: int):
    expected = Letterbox.fit(size, SQUARE)
    if cell:
        expected = expected.cut_to_grid(cell)
    boxed = letterbox(np.zeros((*size, 3), np.uint8), SQUARE, cell)
    assert boxed.canvas.shape[:2] == expected.canvas_size
    assert boxed.offset == (expected.left, expected.top)
    assert boxed.scale == (size[1] / expected.scaled_size[1], size[0] / expected.scaled_size[0])


@pytest.mark.parametrize("canvas", ["square", "grid"])
def test_peer_finds_what_pagesight_finds(canvas: str, photographs: dict[str, Path]):
    options = RunOptions(precision=Precision.FP32, whole_square=canvas == "square")
    model = load_model("yolov3-tiny", TINY.parent, options, Cores(2))

    class Peer(SquareContestant):
        """The same network, and all the rest as the peers have it."""

        def heads_of(self, blob: np.ndarray) -> Heads:
            return list(model.engine(blob).values())

    peer = Peer(TINY, canvas)
    found, expected = {}, {}
    for name, path in photographs.items():
        image = decode_image(path.read_bytes(), orientation=None, limits=ImageLimits())
        found[name] = peer.detect(path.read_bytes())
        expected[name] = len(model.run(image.pixels, DetectionOptions()).detections)
    # OpenCV's half-pixel sampling gives other confidences, so what is near the threshold may differ.
    assert sum(expected.values()) > 10
    assert all(abs(found[name] - expected[name]) <= 1 for name in found), (found, expected)
