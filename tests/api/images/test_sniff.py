"""api/images/sniff.py: the kind of a file is said by its first bytes."""

import pytest

from api.errors import UnsupportedImage
from api.images.sniff import READ, find_kind
from harness.pictures import FORMATS, encode, make_upright


@pytest.mark.parametrize("kind", FORMATS)
def test_each_kind_that_is_read_is_recognised(kind: str):
    assert set(READ) == set(FORMATS)
    assert find_kind(encode(make_upright(), kind)) == kind


@pytest.mark.parametrize(
    ("brands", "kind"),
    [
        (b"heic\0\0\0\0mif1heic", "HEIF"),
        (b"mif1\0\0\0\0heic", "HEIF"),
        (b"msf1\0\0\0\0hevc", "HEIF"),
        (b"mif1\0\0\0\0miafavif", "AVIF"),
        (b"avis\0\0\0\0msf1", "AVIF"),
        (b"heic\0\0\0\0mif1avif", "HEIF"),
    ],
)
def test_brands_tell_a_heic_from_an_avif(brands: bytes, kind: str):
    assert find_kind((len(brands) + 8).to_bytes(4) + b"ftyp" + brands) == kind


def test_a_film_is_none_of_them():
    with pytest.raises(UnsupportedImage, match="video"):
        find_kind(b"\0\0\0\x18ftypisom\0\0\0\0isommp41" + b"\0\0\0\x08moov")
