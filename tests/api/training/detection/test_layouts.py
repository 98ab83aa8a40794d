"""What other programs learn from is what was read."""

import json
from pathlib import Path

import numpy as np
import pytest
import yaml
from PIL import Image

from api.commands.split_boxes import main
from api.images.limits import ImageLimits
from api.training.detection.dataset import BoxedDataset, read_boxes
from api.training.detection.layouts import write_layout
from api.training.errors import TrainingError
from benchmarks.datasets import read_dataset
from harness.shapes import Quiet, draw_shapes, write_coco


@pytest.fixture
def dataset(tmp_path: Path) -> BoxedDataset:
    folder = write_coco(tmp_path / "data", draw_shapes(15, seed=5))
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    exif[0x010F] = "a camera"
    Image.open(folder / "images" / "shapes004.png").rotate(180).save(folder / "images" / "shapes004.png", exif=exif)
    return read_boxes(folder, ImageLimits(), Quiet())


def require_same(read: BoxedDataset, dataset: BoxedDataset) -> None:
    assert read.labels == dataset.labels
    for one, other in zip(read.photographs, dataset.photographs, strict=True):
        assert one.size == other.size
        assert one.boxes == pytest.approx(other.boxes, abs=0.01)
        assert one.labels.tolist() == other.labels.tolist()


def test_comes_back_as_it_was(tmp_path: Path, dataset: BoxedDataset):
    counts = write_layout(dataset, tmp_path / "split", ImageLimits(), Quiet())
    assert counts == {"train": int((~dataset.held_out()).sum()), "val": int(dataset.held_out().sum())}
    by_coco = read_boxes(tmp_path / "split", ImageLimits(), Quiet())
    require_same(BoxedDataset(by_coco.folder, by_coco.labels, by_number(by_coco), ()), dataset)
    for path in (tmp_path / "split" / "annotations").iterdir():
        path.unlink()
    by_yolo = read_boxes(tmp_path / "split", ImageLimits(), Quiet())
    require_same(BoxedDataset(by_yolo.folder, by_yolo.labels, by_number(by_yolo), ()), dataset)


def by_number(dataset: BoxedDataset) -> tuple:
    return tuple(sorted(dataset.photographs, key=lambda one: one.path.name))


def test_each_program_finds_its_files(tmp_path: Path, dataset: BoxedDataset):
    target = tmp_path / "split"
    write_layout(dataset, target, ImageLimits(), Quiet())
    described = yaml.safe_load((target / "data.yaml").read_text())
    assert described == {"train": "images/train", "val": "images/val", "names": {0: "disc", 1: "square"}}
    assert (target / "classes.txt").read_text() == "disc\nsquare\n"
    facts = dict(line.split(" = ") for line in (target / "obj.data").read_text().splitlines())
    assert facts["classes"] == "2"
    for side in ("train", "val"):
        listed = (target / facts["valid" if side == "val" else side]).read_text().split()
        assert listed
        for path in listed:  # Darknet looks for the text by exchanging these words
            assert (target / path).is_file()
            assert (target / path.replace("images", "labels").replace(".jpg", ".txt")).is_file()
        truth = json.loads((target / "annotations" / f"instances_{side}2017.json").read_text())
        assert [image["file_name"] for image in truth["images"]] == [Path(path).name for path in listed]


def test_photographs_are_upright_and_tell_nothing_else(tmp_path: Path, dataset: BoxedDataset):
    write_layout(dataset, tmp_path / "split", ImageLimits(), Quiet())
    (written,) = (tmp_path / "split" / "images").rglob("00004.jpg")
    image = Image.open(written)
    assert not image.getexif()
    upright = np.asarray(draw_shapes(15, seed=5)[3].pixels, float)
    assert np.abs(np.asarray(image, float) - upright).mean() < 15
    assert np.abs(np.asarray(image, float)[::-1, ::-1] - upright).mean() > 15


def test_make_evaluate_measures_with_what_was_held_out(tmp_path: Path, dataset: BoxedDataset):
    counts = write_layout(dataset, tmp_path / "split", ImageLimits(), Quiet())
    truth = read_dataset(tmp_path / "split", ("__background__", "disc", "square"))
    assert len(truth.paths) == counts["val"]
    assert truth.category_ids == (-1, 0, 1)


def test_writes_over_nothing(tmp_path: Path, dataset: BoxedDataset):
    with pytest.raises(TrainingError, match="is there already: name a new folder"):
        write_layout(dataset, tmp_path, ImageLimits(), Quiet())


def test_command_says_what_it_wrote(tmp_path: Path, dataset: BoxedDataset, capsys: pytest.CaptureFixture[str]):
    assert main([str(dataset.folder), str(tmp_path / "split")]) == 0
    assert "photographs to learn from and" in capsys.readouterr().out
    assert main([str(tmp_path / "none"), str(tmp_path / "other")]) == 1
    assert "none is no folder: photographs with boxes are expected" in capsys.readouterr().err
    assert main([]) == 2
