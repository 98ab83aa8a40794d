"""Photographs as they are learnt from: upright, of one size, as the server prepares them, and decoded once."""

import io
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.models.input import prepare_input
from api.training.dataset import read_dataset
from api.training.errors import DataError
from api.training.pictures import Pictures, describe_input, read_pictures
from api.training.progress import Stopped
from harness.labelled_photographs import draw, write_photographs
from tests.api.training.silent import Silent

LIMITS = ImageLimits(max_megapixels=1.0)


def read(data: Path, kept: Path, side: int | None = None, progress: Silent | None = None) -> Pictures:
    kept.mkdir(exist_ok=True)
    return read_pictures(read_dataset(data), side, limits=LIMITS, folder=kept, progress=progress or Silent())


def test_are_what_the_server_gives_its_network(tmp_path: Path):
    data = write_photographs(tmp_path / "data", 6)
    buffer = io.BytesIO()
    draw("disc", 99, 50).crop((0, 0, 50, 30)).save(buffer, "JPEG", exif=b"Exif\0\0" + _orientation(6))
    (data / "disc" / "turned.jpg").write_bytes(buffer.getvalue())
    pictures = read(data, tmp_path / "kept", 96)
    place = [one.name for one in pictures.dataset.photographs].index("disc/turned.jpg")
    spec = describe_input(96)
    image = decode_image(buffer.getvalue(), orientation=None, limits=LIMITS)
    assert image.size == (50, 30)
    served = prepare_input(image.pixels, spec.place(image.size), spec)[0]
    assert np.abs(pictures.pixels[place].transpose(2, 0, 1) / 255 - served).max() < 1e-6


def _orientation(number: int) -> bytes:
    """Return a TIFF with the orientation as its only entry."""
    return b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0" + bytes([number]) + b"\0\0\0\0\0\0"


@pytest.mark.parametrize(("side", "chosen"), [(20, 64), (40, 96), (100, 224), (600, 224)])
def test_size_suits_the_photographs(tmp_path: Path, side: int, chosen: int):
    for label in ("disc", "square"):
        (tmp_path / label).mkdir()
        for number in range(5):
            draw(label, number, side).save(tmp_path / label / f"{number}.png")
    assert read(tmp_path, tmp_path / ".kept").side == chosen


def test_leaves_out_those_that_cannot_be_decoded_and_says_why(tmp_path: Path):
    data = write_photographs(tmp_path / "data", 6)
    png = (data / "disc" / "000.png").read_bytes()
    (data / "disc" / "cut.png").write_bytes(png[: len(png) // 2])
    Image.new("RGB", (1, 1)).save(data / "disc" / "dot.png")
    Image.new("RGB", (1100, 1000)).save(data / "disc" / "huge.png")
    pillow_heif.from_pillow(draw("disc", 7, 64)).save(data / "disc" / "phone.heic")
    (data / "disc" / "phone-cut.heic").write_bytes((data / "disc" / "phone.heic").read_bytes()[:300])
    pictures = read(data, tmp_path / "kept")
    reasons = {one.name: one.reason for one in pictures.dataset.refused}
    assert "damaged" in reasons["disc/cut.png"]
    assert "1 x 1" in reasons["disc/dot.png"]
    assert "megapixels" in reasons["disc/huge.png"]
    assert set(reasons) == {"disc/cut.png", "disc/dot.png", "disc/huge.png", "disc/phone-cut.heic"}
    assert "disc/phone.heic" in {one.name for one in pictures.dataset.photographs}
    assert len(pictures.pixels) == len(pictures.thumbnail) == len(pictures.dataset.photographs) == 13


def test_refuses_labels_of_which_too_few_can_be_decoded(tmp_path: Path):
    data = write_photographs(tmp_path / "data", 5)
    (data / "disc" / "000.png").write_bytes((data / "disc" / "000.png").read_bytes()[:100])
    with pytest.raises(DataError, match="disc has 4"):
        read(data, tmp_path / "kept")


def test_are_decoded_once_and_again_when_one_has_changed(tmp_path: Path):
    data = write_photographs(tmp_path / "data", 5)
    first, progress = read(data, tmp_path / "kept"), Silent()
    again = read(data, tmp_path / "kept", progress=progress)
    assert not progress.stages
    assert np.array_equal(first.pixels, again.pixels)
    assert np.array_equal(first.thumbnail, again.thumbnail)
    draw("disc", 77).save(data / "disc" / "000.png")
    changed = read(data, tmp_path / "kept", progress=progress)
    assert progress.stages == ["reading photographs"]
    assert changed.key != first.key


def test_stops_when_asked(tmp_path: Path):
    data = write_photographs(tmp_path / "data", 5)
    with pytest.raises(Stopped):
        read(data, tmp_path / "kept", progress=Silent("reading photographs", 3))
    assert len(read(data, tmp_path / "kept").pixels) == 10
