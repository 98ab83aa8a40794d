"""api/images/files: what is left of a file decodes to the same pixels, and its own words are read right."""

import io
import struct

import numpy as np
import pytest
from PIL import Image

from api.errors import RefusedImage
from api.images.files import bmp, exif, gif, jpeg, png
from harness.hostile import bmp as hostile_bmp
from harness.hostile import exif as hostile_exif
from harness.hostile import gif as hostile_gif
from harness.hostile import jpeg as hostile_jpeg
from harness.hostile import png as hostile_png
from harness.pictures import encode, make_exif, make_upright

SECRET = b"who took this, and where"


def pixels(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGBA"))


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 2}, {"optimize": True}])
@pytest.mark.parametrize("mode", ["RGB", "CMYK", "L"])
def test_jpeg_keeps_its_pixels_and_loses_its_metadata(mode: str, options: dict[str, bool]):
    image = Image.fromarray(make_upright()).convert(mode)
    data = encode(image, "JPEG", orientation=6, comment=SECRET, icc_profile=bytes(128) + SECRET, **options)
    file = jpeg.strip(data)
    assert SECRET in data
    assert SECRET not in file.data
    assert b"Exif" not in file.data
    assert file.orientation == 6
    np.testing.assert_array_equal(pixels(file.data), pixels(data))


def test_scans_of_a_jpeg_are_counted():
    assert jpeg.strip(encode(make_upright(), "JPEG")).scans == 1
    assert jpeg.strip(hostile_jpeg.flat_scans(64, 64, 12)).scans == 12


@pytest.mark.parametrize(
    ("mode", "options", "kept"),
    [("RGB", {}, 0), ("L", {}, 0), ("RGB", {"progressive": True}, 3), ("CMYK", {"progressive": True}, 4)],
)
def test_tells_of_how_many_components_a_decoder_keeps_all(mode: str, options: dict[str, bool], kept: int):
    assert jpeg.strip(encode(Image.new(mode, (64, 64)), "JPEG", **options)).kept_components == kept


def test_a_decoder_keeps_all_where_the_first_scan_has_not_every_component():
    data = bytearray(encode(make_upright(), "JPEG"))
    data[data.index(b"\xff\xda") + 4] = 1
    assert jpeg.strip(bytes(data)).kept_components == 3


def test_fill_bytes_before_a_marker_are_stepped_over():
    data = hostile_jpeg.with_segments(b"\xff" * 9)
    np.testing.assert_array_equal(pixels(jpeg.strip(data).data), pixels(data))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "I;16"])
def test_png_keeps_its_pixels_and_loses_its_metadata(mode: str):
    image = Image.fromarray(make_upright()).convert(mode)
    data = encode(image, "PNG", orientation=8, icc_profile=bytes(128) + SECRET)
    file = png.strip(data[:33] + hostile_png.chunk(b"tEXt", b"Author\0" + SECRET) + data[33:])
    assert SECRET not in file.data
    assert file.orientation == 8
    np.testing.assert_array_equal(pixels(file.data), pixels(data))


def test_png_keeps_the_colour_that_is_transparent():
    data = encode(Image.fromarray(make_upright()), "PNG", transparency=(220, 30, 30))
    np.testing.assert_array_equal(pixels(png.strip(data).data), pixels(data))


def test_gif_keeps_what_is_transparent_and_loses_its_comments():
    image = Image.fromarray(make_upright()).quantize(4)
    data = encode(image, "GIF", transparency=1, comment=SECRET)
    file = gif.strip(data)
    assert SECRET in data
    assert SECRET not in file.data
    np.testing.assert_array_equal(pixels(file.data), pixels(data))


def test_gif_is_read_over_bytes_between_its_blocks():
    assert pixels(gif.strip(hostile_gif.gif(before=bytes(9))).data).shape == (1, 1, 4)


@pytest.mark.parametrize("mark", [b"", exif.MARK])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_read_in_either_byte_order(mark: bytes, order: str, orientation: int):
    entry = struct.pack(f"{order}HHIHxx", exif.ORIENTATION_TAG, exif.SHORT, 1, orientation)
    other = struct.pack(f"{order}HHII", 0x010F, 2, 4, 0)
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}IH", 8, 2)
    assert exif.read_orientation(mark + head + other + entry) == orientation


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_read_as_pillow_writes_it(orientation: int):
    assert exif.read_orientation(make_exif(orientation)) == orientation


@pytest.mark.parametrize(("name", "block"), list(hostile_exif.hostile_blocks()))
def test_damaged_exif_says_upright(name: str, block: bytes):
    assert exif.read_orientation(block) == exif.UPRIGHT, name


def test_small_bmp_in_runs_is_read_and_a_large_one_is_not():
    bmp.strip(hostile_bmp.bmp(bits=8, compression=hostile_bmp.RLE8, pixels=bytes(100)))
    with pytest.raises(RefusedImage, match="runs"):
        bmp.strip(hostile_bmp.bmp(bits=8, compression=hostile_bmp.RLE8, pixels=bytes(500_000)))
