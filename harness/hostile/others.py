"""What is no image of a kind that is read, or only looks like one."""

import gzip
import random
from collections.abc import Iterator

from PIL import Image

from harness.hostile.case import NOT_AN_IMAGE, REFUSED, TOO_LARGE, Case
from harness.pictures import encode, make_upright

SVG = b'<svg xmlns="http://www.w3.org/2000/svg">'
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><svg>&c;</svg>'


def cases() -> Iterator[Case]:
    """Give all that is no image."""
    for name, data in {
        "one byte": b"\xff", "zeros": bytes(1000), "text": b"no image", "a script": b"#!/bin/sh\nexit 1\n",
        "an SVG": SVG + b"</svg>", "an SVG of entities": ENTITIES, "a deep SVG": SVG + b"<g>" * 100_000,
        "a web page": b"<!doctype html><script>alert(1)</script>", "a PDF": b"%PDF-1.7\n1 0 obj\n",
        "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "a ZIP": b"PK\x03\x04" + bytes(26),
        "a pickle": b"\x80\x04\x95\x05\0\0\0\0\0\0\0K\x01.", "an executable": b"\x7fELF\x02\x01\x01" + bytes(60),
        "a Photoshop file": b"8BPS\0\1" + bytes(100), "a camera's raw file": b"II*\0\x10\0\0\0CR\x02\0" + bytes(99),
        "a JPEG 2000": b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(50), "a JPEG XL": b"\xff\x0a" + bytes(50),
        "a Matroska video": b"\x1a\x45\xdf\xa3" + bytes(50), "an icon": b"\0\0\1\0\1\0\x10\x10" + bytes(50),
    }.items():  # fmt: skip
        yield Case(name, lambda data=data: data, NOT_AN_IMAGE)
    for kind in ("TIFF", "ICO", "PPM", "TGA", "PCX", "DDS"):
        yield Case(f"{kind} file", lambda kind=kind: encode(make_upright(16, 16), kind), NOT_AN_IMAGE)
    yield Case("GIF in gzip", lambda: gzip.compress(encode(make_upright(), "GIF"), mtime=0), NOT_AN_IMAGE)
    yield Case("TIFF of 100 megapixels", _huge_tiff, NOT_AN_IMAGE)
    yield Case("9 MB of noise", lambda: random.Random(1).randbytes(9_000_000), NOT_AN_IMAGE)
    yield Case("9 MB of text", lambda: b"a line of text\n" * 600_000, NOT_AN_IMAGE)
    for name, magic in {
        "JPEG": b"\xff\xd8\xff\xe0", "PNG": b"\x89PNG\r\n\x1a\n", "GIF": b"GIF89a",
        "WebP": b"RIFF\xff\xff\xff\0WEBPVP8 ",
        "BMP": b"BM\xff\xff", "HEIC": b"\0\0\0\x18ftypheic", "AVIF": b"\0\0\0\x18ftypavif",
    }.items():  # fmt: skip
        yield Case(f"{name} of noise", lambda magic=magic: magic + random.Random(2).randbytes(50_000), REFUSED)
    yield Case("11 MB", lambda: bytes(11_000_000), TOO_LARGE)
    yield Case("PNG of 11 MB", lambda: encode(Image.new("RGB", (9, 9)), "PNG") + bytes(11_000_000), TOO_LARGE)


def _huge_tiff() -> bytes:
    return encode(Image.new("1", (10_000, 10_000)), "TIFF", compression="group4")
