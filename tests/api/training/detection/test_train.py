"""A detector that learns to find coloured shapes, and is served."""

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from flask.testing import FlaskClient

from api.app import create_app
from api.models.engines.cores import Cores
from api.models.load import load_model
from api.models.options import Precision, RunOptions
from api.models.torchvision.safetensors import read_safetensors
from api.settings import Settings
from api.training.detection import learning
from api.training.detection.augment import make_plain
from api.training.detection.average_precision import overlaps
from api.training.detection.plan import Plan
from api.training.detection.train import Trained, train_detector
from api.training.errors import TrainingError
from api.training.progress import Stopped
from benchmarks.datasets import read_dataset
from harness.applications import ready_models
from harness.gunicorn_server import PROJECT
from harness.shapes import Picture, Quiet, draw_shapes, encode_png, write_coco

pytestmark = pytest.mark.long

SIZE = 96
KILLED = """
import sys
from pathlib import Path
from api.training.detection import learning
from api.training.detection.augment import make_plain
from api.training.detection.plan import Plan
from api.training.detection.train import train_detector
from harness.shapes import Quiet

class Loud(Quiet):
    def advance(self, note=""):
        if note:
            print(note, flush=True)

learning.KEEP_S, learning.LEAST_STEPS = 0.0, 4
data, weights = map(Path, sys.argv[1:])
train_detector(Plan(name="shapes", data=data, weights_dir=weights, size=96, epochs=2, batch=4, threads=1), Loud())
"""


@pytest.fixture(scope="module", autouse=True)
def _threads_as_before() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_coco(tmp_path_factory.mktemp("shapes") / "data", draw_shapes(60, SIZE))


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_coco(tmp_path_factory.mktemp("few") / "data", draw_shapes(20, SIZE, seed=4))


@pytest.fixture(scope="module")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Trained]:
    """A network that began with nothing. It learns from the pictures as they are: it has seconds, not hours."""
    weights = tmp_path_factory.mktemp("weights")
    plan = Plan(name="shapes", data=data, weights_dir=weights, size=SIZE, epochs=5, batch=8, threads=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(learning, "make_augmentation", make_plain)
        return plan, train_detector(plan, Quiet())


@pytest.fixture(scope="module")
def client(trained: tuple[Plan, Trained], tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    plan, _ = trained
    model = load_model("shapes", plan.weights_dir, RunOptions(precision=Precision.FP32), Cores(2))
    site = tmp_path_factory.mktemp("site")
    return create_app(Settings(model="shapes", site_dir=site), ready_models(model)).test_client()


def ask(client: FlaskClient, picture: Picture) -> list[dict]:
    fields = {"file": (io.BytesIO(encode_png(picture.pixels)), "shapes.png"), "annotate": "false", "confidence": "0.3"}
    answer = client.post("/v1/detect", data=fields)
    assert answer.status_code == 200
    return answer.json["detections"]


def count_found(detections: list[dict], picture: Picture) -> int:
    """Return how many shapes have a box of their label that is about theirs."""
    boxes = np.float32([[one["box"][side] for side in ("x1", "y1", "x2", "y2")] for one in detections]).reshape(-1, 4)
    found = 0
    for shape in picture.shapes:
        of_label = [one["label"] == shape.label for one in detections]
        found += bool((overlaps(boxes[of_label], np.float32([shape.box])) > 0.5).any())
    return found


def test_learns_to_find_shapes(trained: tuple[Plan, Trained]):
    _, result = trained
    assert result.labels == ("disc", "square")
    assert result.precision.ap50 > 0.4
    assert result.epochs[0].loss > result.epochs[-1].loss


def test_what_it_has_learnt_is_served(client: FlaskClient):
    """On pictures that it has never seen."""
    pictures = draw_shapes(15, SIZE, seed=99)
    shapes = sum(len(picture.shapes) for picture in pictures)
    assert sum(count_found(ask(client, picture), picture) for picture in pictures) >= 0.4 * shapes


def test_the_server_tells_what_it_was_trained_with(client: FlaskClient, trained: tuple[Plan, Trained]):
    _, result = trained
    (card,) = client.get("/v1/models").json["models"]
    assert card["labels"] == ["__background__", "disc", "square"]
    assert card["training"]["data"] == "data"
    assert card["training"]["average_precision"] == pytest.approx(result.precision.ap, abs=1e-4)
    assert card["training"]["photographs"] + card["training"]["validated_on"] == 60


def test_what_was_held_out_is_there_to_be_measured_again(trained: tuple[Plan, Trained]):
    plan, result = trained
    truth = read_dataset(plan.folder / "validation", ("__background__", *result.labels))
    run = json.loads((plan.folder / "detection.json").read_text())
    assert len(truth.paths) == 60 - run["photographs"] + len(truth.paths)
    assert all(path.is_file() for path in truth.paths.values())
    assert sum(one["boxes"] for one in run["labels"].values()) == len(truth.truth["annotations"])
    assert run["AP"] == result.precision.ap


def test_goes_on_after_a_kill_to_the_same_weights(few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """In the middle of an epoch, with one thread."""
    monkeypatch.setattr(learning, "LEAST_STEPS", 4)
    weights = []
    for name in ("whole", "killed"):
        (tmp_path / name).mkdir()
        plan = Plan(name="shapes", data=few, weights_dir=tmp_path / name, size=SIZE, epochs=2, batch=4, threads=1)
        if name == "killed":
            kill_in_the_middle(few, tmp_path / name)
            assert (plan.folder / "state.pt").is_file()
        progress = Quiet()
        train_detector(plan, progress)
        assert any("Going on from step" in said for said in progress.said) == (name == "killed")
        assert not (plan.folder / "state.pt").exists()
        weights.append(read_safetensors(tmp_path / name / "shapes.safetensors"))
    whole, killed = weights
    assert all(torch.equal(values, killed[name]) for name, values in whole.items())


def kill_in_the_middle(data: Path, weights: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(data), str(weights)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as child:
        for _ in range(2):
            assert child.stdout.readline().startswith("epoch 1 of 2")
        child.kill()


def test_stops_when_it_is_told_and_keeps_what_it_has(few: Path, tmp_path: Path):
    plan = Plan(name="shapes", data=few, weights_dir=tmp_path, size=SIZE, epochs=1, batch=4, threads=1)
    with pytest.raises(Stopped, match="Stopped"):
        train_detector(plan, Quiet(stop_after=2))
    assert (plan.folder / "state.pt").is_file()
    assert not list(tmp_path.glob("shapes.*toml"))


def test_another_model_of_the_name_stays(few: Path, tmp_path: Path):
    (tmp_path / "shapes.onnx").write_bytes(b"mine")
    with pytest.raises(TrainingError, match=r"shapes\.onnx is there already and was not trained here"):
        train_detector(Plan(name="shapes", data=few, weights_dir=tmp_path), Quiet())
    assert (tmp_path / "shapes.onnx").read_bytes() == b"mine"
