"""api/video/sniff.py: the kind by the first bytes, and words for what else people send."""

import pytest

from api.errors import UnsupportedVideo
from api.video.sniff import find_kind
from harness.pictures import encode, make_upright
from harness.videos import KINDS, quadrants

EXPECTED = {"mp4": "MP4", "mov": "MP4", "matroska": "MKV", "webm": "MKV", "avi": "AVI"}


@pytest.mark.parametrize("kind", KINDS)
def test_knows_each_kind(kind: str):
    assert find_kind(quadrants(kind)[:4096]) == EXPECTED[KINDS[kind][1]]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "HEIF", "AVIF", "TIFF"])
def test_says_that_an_image_is_one(kind: str):
    with pytest.raises(UnsupportedVideo, match="^This is an image; videos are read as MP4, MOV, WebM, MKV or AVI.$"):
        find_kind(encode(make_upright(64, 64), kind)[:4096])


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"", "an empty file"),
        (b"ffconcat version 1.0\nfile 'neighbour.mp4'\n", "text"),
        (b"\xef\xbb\xbf#EXTM3U\n", "text"),
        (b"<?xml version='1.0'?><MPD/>", "a web page"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"PK\x03\x04", "an archive"),
        (b"OggS" + bytes(20), "sound without pictures"),
        (b"FLV\x01", "a video of a kind we do not read"),
        ((b"G" + bytes(187)) * 3, "a video of a kind we do not read"),
        (bytes(100), "not a video of a kind we read"),
        (b"\xfe\x01\x02", "not a video of a kind we read"),
    ],
)
def test_says_what_else_it_is(head: bytes, words: str):
    with pytest.raises(UnsupportedVideo, match=f"^This is {words}; "):
        find_kind(head)
