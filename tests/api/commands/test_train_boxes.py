"""`make train` for photographs with boxes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from api.commands.train import main
from api.commands.train_network import main as tell_network
from api.training.detection import learning
from harness.shapes import COLOURS, draw_shapes, write_coco, write_picture

PICTURES = draw_shapes(20, 96)


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "weights"
    folder.mkdir()
    monkeypatch.setenv("PAGESIGHT_WEIGHTS_DIR", str(folder))
    monkeypatch.setenv("PAGESIGHT_THREADS", "1")
    before = torch.get_num_threads()
    yield folder
    torch.set_num_threads(before)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_coco(tmp_path / "data", PICTURES)


def test_tells_which_network_it_begins_with(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    for label in COLOURS:
        (tmp_path / "labels" / label).mkdir(parents=True)
        write_picture(tmp_path / "labels" / label, 1, PICTURES[0])
    assert tell_network([str(data)]) == tell_network([str(tmp_path / "labels")]) == 0
    assert capsys.readouterr().out.split() == ["ssdlite320_mobilenet_v3_large", "mobilenet_v2"]
    assert tell_network([str(tmp_path / "none")]) == 1
    assert "none is no folder" in capsys.readouterr().err
    assert tell_network([]) == 2


def test_says_what_came_of_it(
    data: Path, weights: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(learning, "LEAST_STEPS", 3)
    (data / "images" / "shapes003.png").write_bytes(b"broken")
    assert main([str(data), "shapes", "--size", "96", "--epochs", "1"]) == 0
    told = capsys.readouterr()
    assert "Left out: images/shapes003.png: This is text." in told.err
    assert "ssdlite320_mobilenet_v3_large.pth is not in" in told.err
    assert "19 photographs with" in told.err
    assert "shapes: AP 0." in told.out
    assert "disc " in told.out
    assert "Written into" in told.out
    assert sorted(path.name for path in weights.iterdir()) == [
        "shapes.safetensors",
        "shapes.torchvision.toml",
        "shapes.training",
    ]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (["--backbone", "mobilenet_v2"], "mobilenet_v2 is no detector that can be trained here: take one of ssdlite"),
        (["--size", "64"], "a side of 64 is not possible: it is a multiple of 32 from 96"),
    ],
)
def test_says_what_cannot_be(data: Path, weights: Path, more: list[str], reason: str, capsys):
    assert main([str(data), "shapes", *more]) == 1
    assert reason in capsys.readouterr().err
    assert not list(weights.iterdir())
