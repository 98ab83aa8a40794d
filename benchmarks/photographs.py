"""The photographs of the benchmarks: crops of the example photographs in the shapes that people take them."""

import io
from pathlib import Path

from PIL import Image

EXAMPLES = Path(__file__).parents[1] / "site" / "examples"
LONGER_SIDE = 1280
SHAPES = {  # name -> (width, height, photograph)
    "1:1": (1, 1, "giraffe.jpg"),
    "4:3": (4, 3, "dog.jpg"),
    "16:9": (16, 9, "horses.jpg"),
    "9:16": (9, 16, "person.jpg"),
}
MEGAPIXELS = (0.3, 1, 3, 6, 12, 24)
JPEG_QUALITY = 90


def write_photographs(folder: Path) -> dict[str, Path]:
    """Write a JPEG for each shape, 1280 pixels on its longer side."""
    files = {}
    for name, (width, height, source) in SHAPES.items():
        files[name] = folder / f"photograph-{name.replace(':', 'x')}.jpg"
        write_crop(EXAMPLES / source, files[name], (width, height))
    return files


def write_crop(source: Path, target: Path, shape: tuple[int, int]) -> None:
    """Write the middle of a photograph in this shape, (width, height), 1280 pixels on its longer side."""
    scale = LONGER_SIDE / max(shape)
    _write(source, target, (round(shape[0] * scale), round(shape[1] * scale)))


def write_sizes(folder: Path) -> dict[float, Path]:
    """Write the same 4:3 photograph at each number of megapixels."""
    files = {}
    for megapixels in MEGAPIXELS:
        width = round((megapixels * 1e6 * 4 / 3) ** 0.5)
        files[megapixels] = folder / f"size-{megapixels:g}.jpg"
        _write(EXAMPLES / "dog.jpg", files[megapixels], (width, round(width * 3 / 4)))
    return files


def _write(source: Path, target: Path, size: tuple[int, int]) -> None:
    with Image.open(source) as image:
        resized = image.convert("RGB").resize(size, Image.Resampling.LANCZOS, box=_middle(image.size, size))
    buffer = io.BytesIO()
    resized.save(buffer, "JPEG", quality=JPEG_QUALITY)
    target.write_bytes(buffer.getvalue())


def _middle(source: tuple[int, int], shape: tuple[int, int]) -> tuple[float, float, float, float]:
    """Return the largest box of this shape, (width, height), in the middle of the source."""
    scale = min(source[0] / shape[0], source[1] / shape[1])
    width, height = shape[0] * scale, shape[1] * scale
    left, top = (source[0] - width) / 2, (source[1] - height) / 2
    return left, top, left + width, top + height
