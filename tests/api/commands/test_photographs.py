"""The photographs in a folder: which files they are, and what happens to those that cannot be read."""

import logging
from pathlib import Path

import pytest

from api.commands.photographs import Photographs, find_photographs
from api.images.limits import ImageLimits
from harness.pictures import FORMATS, encode, make_upright

PICTURE = make_upright()
JPEG = encode(PICTURE, "JPEG")


def test_finds_every_kind_by_its_first_bytes_and_in_inner_folders(tmp_path: Path):
    inner = tmp_path / "inner"
    inner.mkdir()
    paths = [inner / kind for kind in FORMATS]
    for path in paths:
        path.write_bytes(encode(PICTURE, path.name))
    (tmp_path / "drawing.jpg").write_text("<svg/>")
    (tmp_path / "instances.json").write_text("{}")
    (tmp_path / "empty.png").touch()
    assert find_photographs(tmp_path, most=100) == sorted(paths)
    read = list(Photographs(paths, ImageLimits(), "reading"))
    assert {pixels.shape for pixels in read} == {PICTURE.shape}
    assert len(read) == len(FORMATS)


def test_takes_evenly_of_too_many(tmp_path: Path):
    for number in range(10):
        (tmp_path / f"{number}.jpg").write_bytes(JPEG)
    assert [path.name for path in find_photographs(tmp_path, most=4)] == ["0.jpg", "2.jpg", "5.jpg", "7.jpg"]


def test_turns_upright(tmp_path: Path):
    path = tmp_path / "turned.jpg"
    path.write_bytes(encode(PICTURE, "JPEG", orientation=6))
    (pixels,) = Photographs([path], ImageLimits(), "reading")
    assert pixels.shape == (64, 32, 3)


def test_leaves_out_what_cannot_be_read_and_counts_the_others(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO, "api.commands.photographs")
    paths = [tmp_path / name for name in ("good.jpg", "broken.jpg", "large.jpg", "gone.jpg", "too.jpg")]
    paths[0].write_bytes(JPEG)
    paths[1].write_bytes(JPEG[:-100])
    paths[2].write_bytes(encode(make_upright(300, 400), "JPEG"))
    paths[4].write_bytes(JPEG)
    photographs = Photographs(paths, ImageLimits(max_megapixels=0.01), "reading")
    assert len(photographs) == 5
    assert len(list(photographs)) == 2
    assert len(photographs) == 2
    for reason in (
        "broken.jpg is left out: The image is cut off",
        "large.jpg is left out: The image has 400 x 300",
        "gone.jpg is left out: ",
        "reading: 5 of 5 photographs",
    ):
        assert reason in caplog.text
    caplog.clear()
    assert len(list(photographs)) == 2
    assert "left out" not in caplog.text


def test_progress_is_ten_lines_at_most(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO, "api.commands.photographs")
    path = tmp_path / "good.jpg"
    path.write_bytes(JPEG)
    assert len(list(Photographs([path] * 95, ImageLimits(), "reading"))) == 95
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 10
    assert lines[-1] == "reading: 95 of 95 photographs"
