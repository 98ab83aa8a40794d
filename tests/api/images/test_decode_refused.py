"""api/images/decode.py on bad files: refused in helpful words, before they cost anything, and never with a surprise."""

import io
import random
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from PIL import Image, ImageFile

from api.errors import ApiError, BadRequest, OutOfMemory, RefusedImage, UnsupportedImage
from api.images.decode import decode_image
from api.images.files.jpeg import MAX_SCANS
from api.images.limits import MAX_SIDE, ImageLimits
from harness.pictures import (
    FORMATS,
    bmp_header,
    box_file_header,
    encode,
    gif_header,
    jpeg_header,
    jpeg_with_scans,
    make_upright,
    png_header,
    webp_header,
)

LIMITS = ImageLimits()
FUZZ_ROUNDS = 1500
FUZZ_ROUNDS_OF_A_PROCESS = 100  # each of these starts a process
NOT_IMAGES = {
    "text": (b"No picture, only words.\n", "text"),
    "text in another alphabet": ("Ein Größenwahn: 图片".encode(), "text"),
    "svg": (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>', "SVG"),
    "svg without a declaration": (b"\xef\xbb\xbf <svg/>", "SVG"),
    "html": (b"<!doctype html><title>404</title>", "a web page"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
    "tiff, little-endian": (encode(make_upright(), "TIFF"), "TIFF"),
    "tiff, big-endian": (b"MM\0*\0\0\0\x08\0\0", "TIFF"),
    "video": (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 64, "MP4"),
    "ico": (encode(make_upright(16, 16), "ICO"), "not an image"),
    "zip": (b"PK\x03\x04\x14\0\x08\0\x08\0\xff\xfe", "not an image"),
    "zeros": (bytes(100), "text"),
}
HEADERS: dict[str, Callable[[int, int], bytes]] = {
    "PNG": png_header,
    "JPEG": jpeg_header,
    "GIF": gif_header,
    "BMP": bmp_header,
    "WEBP": webp_header,
    "HEIF": lambda width, height: box_file_header("HEIF", width, height),
    "AVIF": lambda width, height: box_file_header("AVIF", width, height),
}


@pytest.fixture
def never_decode(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("pixels were decoded")

    monkeypatch.setattr(ImageFile.ImageFile, "load", fail)


def decode(data: bytes, limits: ImageLimits = LIMITS) -> np.ndarray:
    return decode_image(data, orientation=None, limits=limits).pixels


def test_refuses_an_empty_file():
    with pytest.raises(BadRequest, match="empty"):
        decode(b"")


@pytest.mark.parametrize("kind", NOT_IMAGES)
def test_says_what_was_sent_instead_of_an_image(kind: str):
    data, named = NOT_IMAGES[kind]
    with pytest.raises(UnsupportedImage, match=named) as refused:
        decode(data)
    assert "HEIC" in refused.value.detail  # what would be right


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("kind", FORMATS)
def test_refuses_a_truncated_file(kind: str, share: float):
    noise = np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)
    data = encode(noise, kind)
    with pytest.raises(RefusedImage, match="damaged|cut off"):
        decode(data[: int(len(data) * share)])


@pytest.mark.parametrize("length", [3, 8, 12, 30])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP"])
def test_refuses_a_file_that_ends_in_its_header(kind: str, length: int):
    with pytest.raises((RefusedImage, UnsupportedImage)):
        decode(encode(make_upright(), kind)[:length])


@pytest.mark.parametrize("size", [(0, 10), (10, 0), (0, 0)])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP"])
def test_refuses_an_image_without_pixels(kind: str, size: tuple[int, int]):
    with pytest.raises(RefusedImage):
        decode(HEADERS[kind](*size))


@pytest.mark.usefixtures("never_decode")
@pytest.mark.parametrize("kind", HEADERS)
def test_refuses_30_megapixels_before_decoding(kind: str):
    with pytest.raises(RefusedImage, match=r"6000 x 5000 = 30\.0 megapixels; at most 25 "):
        decode(HEADERS[kind](6000, 5000))


@pytest.mark.usefixtures("never_decode")
@pytest.mark.parametrize("kind", HEADERS)
def test_refuses_a_decompression_bomb_before_decoding(kind: str):
    side = {"WEBP": 16_000}.get(kind, 20_000)
    words = "damaged" if kind == "AVIF" else "megapixels"  # libavif itself takes no side over 16,384
    with pytest.raises(RefusedImage, match=words):
        decode(HEADERS[kind](side, side))


@pytest.mark.usefixtures("never_decode")
def test_refuses_where_pillow_only_warns():
    with pytest.raises(RefusedImage, match="100"):
        decode(png_header(10_000, 10_000))


def test_limit_on_pixels_is_the_owners():
    picture = encode(make_upright(100, 200), "PNG")
    assert decode(picture, ImageLimits(max_megapixels=0.02)).shape == (100, 200, 3)
    with pytest.raises(RefusedImage, match="megapixels"):
        decode(picture, ImageLimits(max_megapixels=0.0199))


@pytest.mark.parametrize("size", [(MAX_SIDE + 1, 10), (10, MAX_SIDE + 1)])
@pytest.mark.usefixtures("never_decode")
def test_refuses_too_long_a_side(size: tuple[int, int]):
    with pytest.raises(RefusedImage, match="no side may exceed"):
        decode(encode(Image.new("RGB", size), "PNG"))


def test_takes_the_longest_side():
    assert decode(encode(Image.new("RGB", (MAX_SIDE, 2)), "PNG")).shape == (2, MAX_SIDE, 3)


@pytest.mark.usefixtures("never_decode")
@pytest.mark.parametrize("scans", [MAX_SCANS + 1, 400])
def test_refuses_a_jpeg_of_too_many_scans(scans: int):
    with pytest.raises(RefusedImage, match="scans"):
        decode(jpeg_with_scans(scans))


def test_takes_a_jpeg_of_many_scans():
    assert decode(jpeg_with_scans(MAX_SCANS)).shape == (32, 64, 3)


def fail(error: Exception) -> Callable[..., None]:
    def raise_it(*_: object, **__: object) -> None:
        raise error

    return raise_it


def no_memory_for_opencv() -> cv2.error:
    error = cv2.error("Failed to allocate 75000000 bytes")
    error.code = cv2.Error.StsNoMem
    return error


@pytest.mark.parametrize("error", [MemoryError(), no_memory_for_opencv()])
@pytest.mark.parametrize(("kind", "decoder"), [("PNG", "api.images.decode.Image.open"), ("JPEG", "cv2.imdecode")])
def test_lack_of_memory_is_not_the_senders(kind: str, decoder: str, error: Exception, monkeypatch: pytest.MonkeyPatch):
    data = encode(make_upright(), kind)
    monkeypatch.setattr(decoder, fail(error))
    with pytest.raises(OutOfMemory) as refused:
        decode(data)
    assert refused.value.status == 503
    assert refused.value.retry_after_s


@pytest.mark.parametrize("error", [TypeError, AttributeError, KeyError, AssertionError, RuntimeError])
@pytest.mark.parametrize(("kind", "decoder"), [("PNG", "api.images.decode.Image.open"), ("JPEG", "cv2.imdecode")])
def test_strange_mistakes_of_a_decoder_are_logged_and_refused(
    kind: str, decoder: str, error: type[Exception], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    data = encode(make_upright(), kind)
    monkeypatch.setattr(decoder, fail(error("of the file")))
    with pytest.raises(RefusedImage, match="damaged"):
        decode(data)
    assert [(entry.levelname, entry.getMessage()) for entry in caplog.records] == [
        ("WARNING", f"a decoder failed: reason={error.__name__}")
    ]


@pytest.mark.parametrize("error", [OSError, SyntaxError, ValueError, EOFError, cv2.error])
def test_what_decoders_say_of_broken_files_is_not_logged(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr("cv2.imdecode", fail(error("of the file")))
    with pytest.raises(RefusedImage, match="damaged"):
        decode(encode(make_upright(), "JPEG"))
    assert not caplog.records


@pytest.mark.parametrize(
    "ours",
    ["files.jpeg.read_orientation", "decode.check_cost", "decode.exif.read_orientation", "decode.assemble_upright"],
)
def test_our_own_mistakes_are_not_told_as_the_senders(ours: str, monkeypatch: pytest.MonkeyPatch):
    kind = "WEBP" if "exif" in ours else "JPEG"
    data = encode(make_upright(), kind, orientation=6)
    monkeypatch.setattr(f"api.images.{ours}", fail(ValueError("our mistake")))
    with pytest.raises(ValueError, match="our mistake"):
        decode(data)


def broken_copies(data: bytes, dice: random.Random) -> bytes:
    """Return the file cut, with flipped bits, or with a piece lost, doubled or overwritten."""
    copy = bytearray(data)
    place, length = dice.randrange(len(copy)), dice.randrange(1, 24)
    match dice.randrange(6):
        case 0:
            del copy[place:]
        case 1:
            del copy[place : place + length]
        case 2:
            copy[place:place] = copy[place : place + length]
        case 3:
            copy[place : place + length] = dice.choice([b"\0", b"\xff"]) * length
        case _:
            for _ in range(dice.randrange(1, 9)):
                copy[dice.randrange(len(copy))] ^= 1 << dice.randrange(8)
    return bytes(copy)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", [*FORMATS, "palette PNG", "progressive JPEG", "MPO"])
def test_broken_files_are_read_or_refused_and_nothing_else(kind: str):
    picture = make_upright(24, 40)
    options = {"orientation": 6} if kind not in ("BMP", "GIF") else {}
    original = {
        "palette PNG": lambda: encode(Image.fromarray(picture).quantize(4), "PNG", transparency=1, **options),
        "progressive JPEG": lambda: encode(picture, "JPEG", progressive=True, **options),
        "MPO": lambda: encode(picture, "MPO", save_all=True, append_images=[Image.fromarray(picture)], **options),
    }.get(kind, lambda: encode(picture, kind, **options))()
    dice = random.Random(kind)
    outcomes: set[int] = set()
    for _ in range(FUZZ_ROUNDS_OF_A_PROCESS if kind in ("HEIF", "AVIF") else FUZZ_ROUNDS):
        try:
            outcomes.add(decode(broken_copies(original, dice)).ndim)
        except ApiError as error:
            outcomes.add(error.status)
    assert outcomes <= {3, 400, 415, 422}
    assert outcomes >= {3, 422}


def test_trailing_bytes_do_no_harm():
    data = io.BytesIO(encode(make_upright(), "JPEG"))
    assert decode(data.getvalue() + b"\0" * 1000).shape == (32, 64, 3)
