"""`make train` with a real backbone: what it writes, that it serves, that it goes on, and what it refuses in words."""

import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient

from api.app import create_app
from api.commands.check_model import main as check_model
from api.commands.site_model import main as site_model
from api.commands.train import main
from api.models.load import load_model
from api.settings import Settings
from api.training.run import Run
from api.training.state import alone_in
from harness.applications import ready_models
from harness.gunicorn_server import PROJECT
from harness.labelled_photographs import write_photographs
from harness.real_models import real_model
from harness.waiting import wait_until

pytestmark = pytest.mark.long

NAME = "shapes"
EPOCHS = 3
NEAR = 0.01  # of a probability


@dataclass(frozen=True)
class Trained:
    """A training that came to its end."""

    weights: Path
    data: Path
    stdout: str
    stderr: str

    @property
    def run(self) -> Run:
        return Run.load(self.weights / f"{NAME}.training")


def make_weights(folder: Path) -> Path:
    shutil.copy(real_model("mobilenet_v2") / "mobilenet_v2.pth", folder)
    return folder


def start(weights: Path, data: Path) -> subprocess.Popen[str]:
    environment = os.environ | {"PAGESIGHT_WEIGHTS_DIR": str(weights), "PAGESIGHT_THREADS": "1"}
    command = [sys.executable, "-m", "api.commands.train", str(data), NAME, f"--epochs={EPOCHS}", "--size=64"]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=pipe, stderr=pipe, text=True)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    weights, data = make_weights(tmp_path_factory.mktemp("weights")), tmp_path_factory.mktemp("data") / "Formen"
    write_photographs(data, 24)
    (data / "disc" / "broken.png").write_bytes((data / "disc" / "000.png").read_bytes()[:200])
    with start(weights, data) as process:
        stdout, stderr = process.communicate(timeout=200)
    assert process.returncode == 0, stderr
    return Trained(weights, data, stdout, stderr)


def test_tells_what_it_has_learnt(trained: Trained):
    run = trained.run
    right = round(10 * run.accuracy)
    assert f"{NAME}: {100 * run.accuracy:.1f} % right ({right} of 10)." in trained.stdout
    assert "left out: disc/broken.png: The image" in trained.stdout
    assert "MODEL=shapes make run" in trained.stdout
    assert run.command == f"make train DATA={trained.data} NAME={NAME} EPOCHS={EPOCHS} SIZE=64"
    assert "training all layers" in trained.stderr
    assert run.accuracy >= 0.8
    assert run.labels == ("disc", "square")
    assert [one.name for one in run.refused] == ["disc/broken.png"]
    assert [epoch.number for epoch in run.epochs if epoch.phase == "all"] == [1, 2, 3]
    assert run.out_of_fold.shape == run.logits.shape == (48, 2)
    assert np.allclose(np.linalg.norm(run.features.astype(float), axis=1), 1, atol=1e-2)


def test_leaves_only_what_is_of_use(trained: Trained):
    assert {path.name for path in trained.weights.iterdir()} - {"converted"} == {
        "mobilenet_v2.pth",
        f"{NAME}.report.html",
        f"{NAME}.safetensors",
        f"{NAME}.torchvision.toml",
        f"{NAME}.training",
    }
    assert {path.name for path in (trained.weights / f"{NAME}.training").iterdir()} == {"run.json", "predictions.npz"}


def end_by(number: signal.Signals, weights: Path, data: Path) -> tuple[int, str]:
    """Train, and send the signal as soon as an epoch is kept; returns the exit status and what was said."""
    state = weights / f"{NAME}.training" / "state.safetensors"
    with start(weights, data) as process:
        wait_until(lambda: state.exists() or process.poll() is not None, limit_s=120)
        process.send_signal(number)
        _, stderr = process.communicate(timeout=60)
    assert state.exists()
    return process.returncode, stderr


def test_goes_on_to_the_same_weights_after_it_was_killed(trained: Trained, tmp_path: Path):
    weights = make_weights(tmp_path)
    assert end_by(signal.SIGKILL, weights, trained.data)[0] == -signal.SIGKILL
    with start(weights, trained.data) as process:
        _, stderr = process.communicate(timeout=120)
    assert process.returncode == 0
    assert "reading photographs" not in stderr
    assert "learning rate" not in stderr
    name = f"{NAME}.safetensors"
    assert (weights / name).read_bytes() == (trained.weights / name).read_bytes()


def test_stops_when_asked_and_says_how_to_go_on(trained: Trained, tmp_path: Path):
    status, stderr = end_by(signal.SIGINT, make_weights(tmp_path), trained.data)
    assert status == 130
    assert stderr.endswith("Stopped. The same command goes on from here.\n")


def test_leaves_a_training_of_the_same_name_alone(trained: Trained, tmp_path: Path):
    with alone_in(tmp_path / f"{NAME}.training"), start(make_weights(tmp_path), trained.data) as process:
        _, stderr = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "works in" in stderr
    assert "choose another NAME" in stderr


@pytest.fixture
def served(trained: Trained, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("PAGESIGHT_WEIGHTS_DIR", str(trained.weights))
    monkeypatch.setenv("PAGESIGHT_CONVERTED_DIR", str(trained.weights / "converted"))
    monkeypatch.setenv("PAGESIGHT_MODELS", NAME)
    monkeypatch.setenv("PAGESIGHT_THREADS", "2")
    return Settings.from_environment()


def test_network_api_and_page_give_the_same_labels(trained: Trained, served: Settings, tmp_path: Path):
    run = trained.run
    scores = run.logits / run.temperature
    expected = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
    client = client_of(served)
    for name, truth in list(zip(run.photographs, expected, strict=True))[::7]:
        answer = client.post("/v1/classify", data={"file": (trained.data / name).open("rb"), "annotate": "false"}).json
        said = {one["label"]: one["confidence"] for one in answer["classes"]}
        assert answer["classes"][0]["label"] == run.labels[int(truth.argmax())]
        assert all(abs(said[label] - chance) < NEAR for label, chance in zip(run.labels, truth, strict=True))
    assert site_model([str(trained.data), str(tmp_path)]) == 0  # which holds the page's file to the API, within NEAR
    assert list(tmp_path.glob(f"{NAME}-*.onnx.gz"))


def client_of(settings: Settings) -> FlaskClient:
    model = load_model(NAME, settings.weights_dir, settings.run_options)
    return create_app(settings, ready_models(model)).test_client()


def test_server_tells_what_it_was_trained_with(trained: Trained, served: Settings):
    (card,) = client_of(served).get("/v1/models").json["models"]
    assert card["reasons"]["input"] == "as it was trained here"
    assert card["training"] == {
        "made": trained.run.made,
        "data": "Formen",
        "photographs": 38,
        "validated_on": 10,
        "accuracy": round(trained.run.accuracy, 4),
        "temperature": round(trained.run.temperature, 4),
    }


def test_check_model_tells_it_to_the_owner(served: Settings, capsys: pytest.CaptureFixture[str]):
    assert check_model([]) == 0
    said = capsys.readouterr().out
    assert re.search(r"trained +made 20\d\d-\d\d-\d\d, data Formen, photographs 38, validated on 10, accuracy", said)
    assert f"{NAME} is ready to serve." in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["{data}/disc", NAME], "holds no photographs with labels"),
        (["{data}", "mobilenet_v2"], "mobilenet_v2.pth is not in the weights folder; scripts/download_weights.sh"),
        (["{data}", "taken"], "taken.onnx is there already and was not trained here: choose another NAME"),
        (["{data}", "../mine"], "'../mine' is no name such as mine"),
        (["{data}", "mine", "--size=100"], "'100' is no multiple of 32 from 32 to 1344"),
        (["{data}", "mine", "--epochs=0"], "'0' is no number from 1 to 1000"),
    ],
)
def test_refuses_in_a_sentence(
    trained: Trained,
    tmp_path: Path,
    arguments: list[str],
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setenv("PAGESIGHT_WEIGHTS_DIR", str(tmp_path))
    (tmp_path / "taken.onnx").write_bytes(b"")
    try:
        status = main([argument.format(data=trained.data) for argument in arguments])
    except SystemExit as ended:
        status = ended.code
    assert status in (1, 2)
    assert sentence in capsys.readouterr().err
