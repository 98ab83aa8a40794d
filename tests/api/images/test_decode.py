"""api/images/decode.py on good files: the pixels come out upright, in RGB, whatever the file is."""

import io

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps

from api.errors import RefusedImage
from api.images.decode import decode_image
from api.images.encode import encode_jpeg
from api.images.limits import ImageLimits
from harness.pictures import FORMATS, Pixels, encode, make_exif, make_upright, store

LIMITS = ImageLimits()
ORIENTATIONS = range(1, 9)
TAGGED = ("JPEG", "PNG", "WEBP", "AVIF")  # whose pixels a decoder leaves as they are stored
LOSSY = 4  # how far a value may be off on average after a lossy encoder: it blurs where two colours meet


def decode(data: bytes, orientation: int | None = None) -> Pixels:
    return decode_image(data, orientation=orientation, limits=LIMITS).pixels


def distances(pixels: Pixels, expected: Pixels) -> NDArray[np.int_]:
    assert pixels.dtype == np.uint8
    assert pixels.shape == expected.shape
    return np.abs(pixels.astype(int) - expected.astype(int))


def assert_alike(pixels: Pixels, expected: Pixels) -> None:
    assert distances(pixels, expected).mean() <= LOSSY


def assert_same(pixels: Pixels, expected: Pixels, within: int = 0) -> None:
    assert distances(pixels, expected).max() <= within


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_stored_pictures_are_what_others_take_them_for(orientation: int):
    tagged = Image.open(io.BytesIO(encode(store(make_upright(), orientation), "PNG", orientation=orientation)))
    np.testing.assert_array_equal(np.asarray(ImageOps.exif_transpose(tagged)), make_upright())


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("kind", TAGGED)
def test_applies_the_tag_of_the_file(kind: str, orientation: int):
    data = encode(store(make_upright(), orientation), kind, orientation=orientation)
    assert_alike(decode(data), make_upright())


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("kind", TAGGED)
def test_field_stands_in_place_of_the_tag(kind: str, orientation: int):
    other_tag = orientation % 8 + 1
    data = encode(store(make_upright(), orientation), kind, orientation=other_tag)
    assert_alike(decode(data, orientation), make_upright())


@pytest.mark.parametrize("kind", TAGGED)
def test_field_1_leaves_pixels_as_they_are_in_a_file_with_tag_6(kind: str):
    stored = store(make_upright(), 6)
    assert_alike(decode(encode(stored, kind, orientation=6), 1), stored)


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("kind", FORMATS)
def test_field_turns_a_file_without_a_tag(kind: str, orientation: int):
    assert_alike(decode(encode(store(make_upright(), orientation), kind), orientation), make_upright())


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_heic_is_turned_once(orientation: int):
    # A HEIC turns by its `irot` and `imir` boxes, which the decoder applies; its EXIF tag only repeats them.
    data = encode(store(make_upright(), orientation), "HEIF", orientation=orientation)
    assert_alike(decode(data), make_upright())


@pytest.mark.parametrize("tag", [0, 9, 65_535])
def test_takes_a_file_with_an_unknown_tag_as_upright(tag: int):
    assert_alike(decode(encode(make_upright(), "JPEG", orientation=tag)), make_upright())


@pytest.mark.filterwarnings("ignore")  # Pillow warns of what it cannot read, as it may
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("damage", ["cut", "no tiff", "count", "type", "empty", "loop"])
def test_takes_a_file_with_damaged_exif_as_upright(kind: str, damage: str):
    exif = make_exif(6)
    entry = exif.index(b"\x01\x12")
    damaged = {
        "cut": exif[: entry + 5],
        "no tiff": b"Exif\0\0" + b"\x99" * 40,
        "count": exif[: entry + 4] + b"\xff\xff\xff\xff" + exif[entry + 8 :],
        "type": exif[: entry + 2] + b"\0\x05" + exif[entry + 4 :],
        "empty": b"Exif\0\0",
        "loop": exif[:10] + b"\xff\xff\xff\xf0" + exif[14:],
    }[damage]
    assert_alike(decode(encode(make_upright(), kind, exif=damaged)), make_upright())


@pytest.mark.parametrize("kind", FORMATS)
def test_reads_each_format(kind: str):
    assert_alike(decode(encode(make_upright(), kind)), make_upright())


@pytest.mark.parametrize(
    ("mode", "options"),
    [("RGB", {"progressive": True}), ("CMYK", {}), ("RGB", {"subsampling": 2}), ("RGB", {"optimize": True})],
)
def test_reads_kinds_of_jpeg(mode: str, options: dict[str, bool]):
    image = Image.fromarray(make_upright()).convert(mode)
    data = io.BytesIO()
    image.save(data, "JPEG", **{"quality": 98, **options})
    assert_alike(decode(data.getvalue()), make_upright())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP", "GIF"])
def test_grey_becomes_rgb(kind: str):
    grey = np.tile(np.linspace(0, 255, 64, dtype=np.uint8), (32, 1))
    assert_alike(decode(encode(Image.fromarray(grey), kind)), np.dstack([grey] * 3))


def test_reads_the_first_picture_of_an_mpo():
    first, second = Image.fromarray(make_upright()), Image.fromarray(255 - make_upright())
    data = encode(first, "MPO", save_all=True, append_images=[second], quality=98, orientation=1)
    assert_alike(decode(data), make_upright())


def test_reads_png_with_a_palette():
    palette = Image.fromarray(make_upright()).quantize(4)
    assert_same(decode(encode(palette, "PNG")), make_upright(), within=1)


def test_reads_one_bit_png():
    half = np.zeros((32, 64), np.uint8)
    half[:, 40:] = 255
    assert_same(decode(encode(Image.fromarray(half).convert("1"), "PNG")), np.dstack([half] * 3))


def test_keeps_the_high_byte_of_16_bit_grey():
    grey = np.tile(np.linspace(0, 65_535, 64).astype(np.uint16), (32, 1))
    high_byte = (grey >> 8).astype(np.uint8)
    assert_same(decode(encode(Image.fromarray(grey), "PNG")), np.dstack([high_byte] * 3), within=1)


def test_reads_16_bit_rgb():
    upright = make_upright()
    is_encoded, data = cv2.imencode(".png", upright[..., ::-1].astype(np.uint16) * 257)
    assert is_encoded
    assert_same(decode(data.tobytes()), upright, within=1)


def half_transparent() -> tuple[Image.Image, Pixels]:
    """Return the picture with nothing on its left half, and how it looks on white."""
    shown = make_upright()
    alpha = np.full(shown.shape[:2], 255, np.uint8)
    alpha[:, :32] = 0
    layers = np.dstack([shown, alpha])
    shown[:, :32] = 255
    return Image.fromarray(layers), shown


@pytest.mark.parametrize(
    ("kind", "options"), [("PNG", {}), ("WEBP", {}), ("WEBP", {"lossless": True}), ("AVIF", {}), ("HEIF", {})]
)
def test_transparency_is_white(kind: str, options: dict[str, bool]):
    layers, shown = half_transparent()
    pixels = decode(encode(layers, kind, **options))
    edge = [31, 32]  # a lossy encoder may blur the border between nothing and something
    assert_alike(np.delete(pixels, edge, 1), np.delete(shown, edge, 1))


def test_half_transparent_grey_lies_on_white():
    layers = np.zeros((8, 8, 2), np.uint8)
    layers[..., 1] = 128
    pixels = decode(encode(Image.fromarray(layers), "PNG"))
    assert_same(pixels, np.full((8, 8, 3), 127, np.uint8), within=1)


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_transparent_palette_entry_is_white(kind: str):
    indices = np.zeros((8, 8), np.uint8)
    indices[:, 4:] = 1
    image = Image.fromarray(indices).convert("P")
    image.putpalette([200, 0, 0, 0, 0, 200])
    expected = np.full((8, 8, 3), 255, np.uint8)
    expected[:, 4:] = (0, 0, 200)
    assert_same(decode(encode(image, kind, transparency=0)), expected)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_reads_the_first_frame_of_an_animation(kind: str):
    first, second = make_upright(), 255 - make_upright()
    data = encode(Image.fromarray(first), kind, save_all=True, append_images=[Image.fromarray(second)], duration=90)
    assert_alike(decode(data), first)


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1), (7, 13)])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP"])
def test_reads_small_and_narrow_pictures(kind: str, shape: tuple[int, int]):
    grey = np.full((*shape, 3), 90, np.uint8)
    assert_alike(decode(encode(grey, kind)), grey)


def test_encoded_jpeg_is_the_picture():
    with Image.open(io.BytesIO(encode_jpeg(make_upright()))) as image:
        assert image.format == "JPEG"
        assert_alike(np.asarray(image)[4:12, 4:28], make_upright()[4:12, 4:28])


def test_encoded_jpeg_carries_no_metadata_of_the_original():
    comment, profile = b"the author's comment", b"\0" * 128 + b"a colour profile"
    original = encode(make_upright(), "JPEG", orientation=6, comment=comment, icc_profile=profile)
    assert all(secret in original for secret in (comment, profile, b"A camera"))
    jpeg = encode_jpeg(decode(original))
    markers = {jpeg[place + 1] for place in range(jpeg.index(b"\xff\xda")) if jpeg[place] == 0xFF}
    app_and_comment = {marker for marker in markers if 0xE0 <= marker <= 0xEF or marker == 0xFE}
    assert app_and_comment == {0xE0}  # JFIF's own header
    with Image.open(io.BytesIO(jpeg)) as image:
        assert not image.getexif()
        assert not {"icc_profile", "comment", "exif", "xmp"} & set(image.info)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_large_jpeg_is_decoded_smaller_where_that_is_enough(orientation: int, dog: bytes):
    large = io.BytesIO()
    Image.open(io.BytesIO(dog)).resize((3000, 2000)).save(large, "JPEG")
    whole = decode_image(large.getvalue(), orientation=orientation, limits=LIMITS)
    reduced = decode_image(large.getvalue(), orientation=orientation, limits=LIMITS, enough_for=416)
    assert reduced.size == whole.size == ((3000, 2000) if orientation > 4 else (2000, 3000))
    assert reduced.pixels.shape[:2] == tuple(side // 4 for side in whole.size)
    again = Image.fromarray(whole.pixels).resize((reduced.pixels.shape[1], reduced.pixels.shape[0]))
    assert np.abs(np.asarray(again).astype(int) - reduced.pixels).mean() < 4


@pytest.mark.parametrize("side", [416, 831])
def test_jpeg_of_less_than_twice_the_need_is_decoded_whole(side: int):
    picture = io.BytesIO()
    Image.new("RGB", (side, 200)).save(picture, "JPEG")
    decoded = decode_image(picture.getvalue(), orientation=None, limits=LIMITS, enough_for=416)
    assert decoded.pixels.shape[:2] == decoded.size == (200, side)


@pytest.fixture(scope="module")
def large_progressive() -> bytes:
    """A JPEG of 9 megapixels, whose decoder keeps all coefficients."""
    pixels = np.random.default_rng(4).integers(0, 256, (300, 300, 3), np.uint8)
    image = Image.fromarray(pixels).resize((3000, 3000), Image.Resampling.BICUBIC)
    return encode(image, "JPEG", progressive=True, orientation=6)


def test_large_progressive_jpeg_is_decoded_as_every_other(large_progressive: bytes):
    with Image.open(io.BytesIO(large_progressive)) as image:
        expected = np.asarray(image.transpose(Image.Transpose.ROTATE_270))
    np.testing.assert_array_equal(decode(large_progressive), expected)


@pytest.mark.parametrize("share", [0.2, 0.9, 0.9999])
def test_refuses_a_large_progressive_jpeg_that_is_cut_off(large_progressive: bytes, share: float):
    with pytest.raises(RefusedImage):
        decode(large_progressive[: int(len(large_progressive) * share)])
