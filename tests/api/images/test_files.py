"""api/image_files: what is left of a file decodes to the same pixels, and its own words are read right."""

import io
import struct

import cv2
import numpy as np
import pytest
from PIL import Image

from api.errors import RefusedImage
from api.images import decode as images
from api.images.decode import ImageLimits, decode_image
from api.images.files import bmp, boxes, exif, gif, jpeg, png
from api.images.files.av1 import coded_pictures
from harness.hostile import bmp as hostile_bmp
from harness.hostile import exif as hostile_exif
from harness.hostile import gif as hostile_gif
from harness.hostile import jpeg as hostile_jpeg
from harness.hostile import png as hostile_png
from harness.pictures import encode, heic_of_ten_bits, make_exif, make_upright

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


def claimed_sizes(data: bytes) -> set[tuple[int, int]]:
    sizes: set[tuple[int, int]] = set()
    boxes.strip(data, lambda width, height: sizes.add((width, height)))
    return sizes


@pytest.mark.parametrize("size", [(64, 64), (100, 37), (1000, 2)])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_size_in_an_avif_is_read_where_the_decoder_reads_it(mode: str, size: tuple[int, int]):
    data = encode(Image.new(mode, size), "AVIF")
    assert size in claimed_sizes(data)
    elsewhere = data.replace(struct.pack(">II", *size), struct.pack(">II", 7, 7))  # in all boxes
    assert claimed_sizes(elsewhere) == {(7, 7), size}


def test_size_in_a_moving_avif_is_read_too():
    frames = [Image.new("RGB", (300, 200), colour) for colour in ("red", "blue")]
    data = encode(frames[0], "AVIF", save_all=True, append_images=frames[1:])
    boxed = data.replace(struct.pack(">II", 300, 200), struct.pack(">II", 7, 7))
    assert (300, 200) in claimed_sizes(boxed)


@pytest.mark.parametrize(
    ("kind", "options", "expected"),
    [
        ("HEIF", {"chroma": 420}, 1.5),
        ("HEIF", {"chroma": 422}, 2),
        ("HEIF", {"chroma": 444}, 3),
        ("AVIF", {"subsampling": "4:2:0"}, 1.5),
        ("AVIF", {"subsampling": "4:4:4"}, 3),
    ],
)
@pytest.mark.parametrize("size", [(64, 64), (100, 72), (1000, 70)])
def test_coded_size_and_colours_are_read(kind: str, options: dict[str, object], expected: float, size: tuple[int, int]):
    data = encode(Image.new("RGB", size), kind, **options)
    assert claimed_sizes(data) == {size}
    assert boxes.strip(data, lambda _width, _height: None).plane_bytes == expected


@pytest.mark.parametrize(("chroma", "expected"), [(420, 3), (444, 6)])
def test_ten_bits_of_a_heic_are_read(chroma: int, expected: float):
    assert boxes.strip(heic_of_ten_bits(100, 72, chroma), lambda _width, _height: None).plane_bytes == expected


@pytest.mark.parametrize(("depth", "expected"), [(8, 1.5), (10, 3)])
def test_bits_of_an_avif_are_read(depth: int, expected: float):
    grey = np.full((72, 100, 3), 100, np.uint8 if depth == 8 else np.uint16)
    _, data = cv2.imencode(".avif", grey, [cv2.IMWRITE_AVIF_DEPTH, depth])
    assert boxes.strip(data.tobytes(), lambda _width, _height: None).plane_bytes == expected


def test_what_takes_more_memory_may_have_fewer_megapixels(monkeypatch: pytest.MonkeyPatch):
    fine, coarse = (encode(Image.new("RGB", (1000, 1000)), "AVIF", subsampling=name) for name in ("4:4:4", "4:2:0"))
    monkeypatch.setattr(images, "MAX_DECODED_MB", 10.5)
    decode_image(coarse, orientation=None, limits=ImageLimits())
    with pytest.raises(RefusedImage, match="at most 1 are accepted"):
        decode_image(fine, orientation=None, limits=ImageLimits())


@pytest.mark.parametrize("stream", [b"", b"\x0a", b"\xff" * 50, bytes(50), b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff"])
def test_size_in_a_broken_stream_does_no_harm(stream: bytes):
    assert len(list(coded_pictures(stream))) <= 1_000


@pytest.mark.parametrize("kind", ["HEIF", "AVIF"])
def test_exif_of_a_heic_or_avif_is_out_of_sight(kind: str):
    data = encode(make_upright(64, 64), kind, orientation=6)
    file = boxes.strip(data, lambda _width, _height: None)
    assert data.count(b"Exif") > file.data.count(b"Exif")
    np.testing.assert_array_equal(pixels(file.data)[..., :3], pixels(data)[..., :3])


def test_small_bmp_in_runs_is_read_and_a_large_one_is_not():
    bmp.check(hostile_bmp.bmp(bits=8, compression=hostile_bmp.RLE8, pixels=bytes(100)))
    with pytest.raises(RefusedImage, match="runs"):
        bmp.check(hostile_bmp.bmp(bits=8, compression=hostile_bmp.RLE8, pixels=bytes(500_000)))
