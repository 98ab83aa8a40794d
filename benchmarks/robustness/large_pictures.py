"""Good pictures of just under 25 megapixels, the most that a visitor may send, and of a phone's 12 megapixels."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pillow_heif
from PIL import Image

SIZE = (5760, 4320)  # (width, height)
PHONE_SIZE = (4000, 3000)
KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "JPEG": ("JPEG", {"quality": 90}),
    "JPEG on its side": (
        "JPEG",
        {"quality": 90, "exif": b"Exif\0\0II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\6\0\0\0\0\0\0\0"},
    ),
    "progressive JPEG": ("JPEG", {"quality": 90, "progressive": True, "subsampling": 0}),
    "PNG": ("PNG", {"compress_level": 1}),
    "WebP": ("WEBP", {"quality": 85, "method": 0}),
    "AVIF": ("AVIF", {"quality": 50, "speed": 10}),
    "HEIC": ("HEIF", {"quality": 40, "enc_params": {"preset": "ultrafast"}}),
}


def large_pictures(photograph: Path) -> Iterator[tuple[str, bytes]]:
    """Give the kind and the file for each; they take about 20 s to make."""
    pillow_heif.register_heif_opener()
    with Image.open(photograph) as image:
        small = image.convert("RGB")
    smooth = small.resize(SIZE, Image.Resampling.BICUBIC)
    blocks = small.resize(SIZE, Image.Resampling.NEAREST)  # a PNG of less than 10 MB
    for name, (kind, options) in KINDS.items():
        yield name, _encode(blocks if kind == "PNG" else smooth, kind, options)
    layers = blocks.copy()
    layers.putalpha(200)
    yield "transparent PNG", _encode(layers, "PNG", {"compress_level": 1})
    yield "transparent WebP", _encode(layers, "WEBP", {"quality": 60, "method": 0})


def phone_pictures(photograph: Path) -> Iterator[tuple[str, bytes]]:
    """Give the kind and the file of 12 megapixels for each kind that is decoded in a process of its own."""
    pillow_heif.register_heif_opener()
    with Image.open(photograph) as image:
        picture = image.convert("RGB").resize(PHONE_SIZE, Image.Resampling.BICUBIC)
    for name in ("HEIC", "AVIF"):
        kind, options = KINDS[name]
        yield name, _encode(picture, kind, options)


def _encode(image: Image.Image, kind: str, options: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()
