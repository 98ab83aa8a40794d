"""What the page saves of segments, read by pycocotools; the masks are written by Pillow."""

import base64
import io
import json
import struct
import subprocess
import zlib
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from harness.gunicorn_server import PROJECT

Ids = NDArray[np.uint8]
HEIGHT, WIDTH = 90, 130
# pycocotools is older than NumPy 2's rules for copies.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
CLASSES = [{"label": "sky", "classId": 1}, {"label": "tree", "classId": 2}]


def draw() -> Ids:
    """Rings in rings, what touches at a corner alone, what reaches the edges, and single pixels."""
    image = Image.new("P", (WIDTH, HEIGHT), 0)
    pen = ImageDraw.Draw(image)
    pen.ellipse((5, 5, 80, 84), fill=1)
    pen.ellipse((20, 20, 60, 70), fill=0)
    pen.rectangle((24, 34, 30, 40), fill=2)
    pen.ellipse((34, 36, 50, 56), fill=1)
    pen.polygon([(90, 0), (129, 0), (129, 89), (100, 60)], fill=2)
    pen.rectangle((112, 20, 120, 30), fill=1)
    pen.rectangle((0, 86, 3, 89), fill=2)
    pen.rectangle((4, 82, 7, 85), fill=2)
    image.putpixel((88, 80), 1)
    return np.array(image)


def write(ids: Ids, *, size: tuple[int, int] = (WIDTH, HEIGHT), **options: Any) -> dict[str, Any]:
    """Let the page write every form. `size` is (width, height) of the photograph; `options` are for Pillow's PNG."""
    image = Image.fromarray(ids, "P")
    image.putpalette([channel for shade in range(int(ids.max()) + 1) for channel in (shade, shade, shade)])
    file = io.BytesIO()
    image.save(file, "PNG", **options)
    return run(file.getvalue(), size)


def run(png: bytes, size: tuple[int, int]) -> dict[str, Any]:
    mask = f"data:image/png;base64,{base64.b64encode(png).decode()}"
    asked = {"mask": mask, "size": {"width": size[0], "height": size[1]}, "classes": CLASSES}
    script = PROJECT / "tests" / "site" / "save" / "write_segments.mjs"
    done = subprocess.run(["node", script], input=json.dumps(asked), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def read(dataset: dict[str, Any]) -> dict[int, Ids]:
    """Return the masks by class id, as pycocotools reads them."""
    coco_module = pytest.importorskip("pycocotools.coco", reason="comes with `make evaluate`")
    coco = coco_module.COCO()
    coco.dataset = dataset
    coco.createIndex()
    return {one["category_id"] - 1: coco.annToMask(one) for one in coco.dataset["annotations"]}


@pytest.mark.parametrize(("highest", "bits"), [(3, 2), (9, 4), (40, 8)])
def test_the_page_reads_the_mask_as_pillow_wrote_it(highest: int, bits: int) -> None:
    ids = draw()
    ids[-1, -1] = highest
    read = np.frombuffer(base64.b64decode(write(ids, bits=bits)["ids"]), np.uint16)
    np.testing.assert_array_equal(read.reshape(ids.shape), ids)


@pytest.mark.parametrize("kind", ["P", "I;16"])
def test_the_page_reads_every_filter_of_a_png_as_pillow_does(kind: str) -> None:
    pixel_bytes = 2 if kind == "I;16" else 1
    lines = np.random.default_rng(1).integers(0, 256, (HEIGHT, WIDTH * pixel_bytes), np.uint8)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8 * pixel_bytes, 0 if kind == "I;16" else 3, 0, 0, 0)
    palette = [] if kind == "I;16" else [(b"PLTE", bytes(3 * 256))]
    png = b"\x89PNG\r\n\x1a\n"
    for name, data in [
        (b"IHDR", header),
        *palette,
        (b"IDAT", zlib.compress(filtered(lines, pixel_bytes))),
        (b"IEND", b""),
    ]:
        png += struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    wanted = np.array(Image.open(io.BytesIO(png)))
    read = np.frombuffer(base64.b64decode(run(png, (WIDTH, HEIGHT))["ids"]), np.uint16)
    np.testing.assert_array_equal(read.reshape(HEIGHT, WIDTH), wanted)


def filtered(lines: Ids, pixel_bytes: int) -> bytes:
    """Filter a line after the other by the next of the five filters."""
    left = np.pad(lines, ((0, 0), (pixel_bytes, 0)))[:, :-pixel_bytes].astype(int)
    above = np.pad(lines, ((1, 0), (0, 0)))[:-1].astype(int)
    corner = np.pad(left, ((1, 0), (0, 0)))[:-1]
    distances = np.abs([above - corner, left - corner, left + above - 2 * corner])
    paeth = np.choose(distances.argmin(axis=0), [left, above, corner])
    predicted = [np.zeros_like(left), left, above, (left + above) // 2, paeth]
    made = b""
    for row, line in enumerate(lines):
        made += bytes([row % 5]) + ((line - predicted[row % 5][row]) % 256).astype(np.uint8).tobytes()
    return made


def test_pycocotools_reads_every_pixel_of_the_run_lengths() -> None:
    ids = draw()
    dataset = write(ids)["rle"]
    masks = read(dataset)
    for annotation in dataset["annotations"]:
        mask = ids == annotation["category_id"] - 1
        np.testing.assert_array_equal(masks[annotation["category_id"] - 1], mask)
        rows, columns = np.nonzero(mask)
        corner = [columns.min(), rows.min()]
        far = [columns.max() + 1, rows.max() + 1]
        assert annotation["area"] == mask.sum()
        if annotation["category_id"] == 2:  # the other one wraps around the edge
            assert annotation["bbox"] == [*corner, far[0] - corner[0], far[1] - corner[1]]
    assert [one["name"] for one in dataset["categories"]] == ["nothing", "sky", "tree", "boat"]


def test_pycocotools_reads_the_polygons_with_their_holes() -> None:
    ids = draw()
    dataset = write(ids)["polygons"]
    for class_id, mask in read(dataset).items():
        wanted = ids == class_id
        overlap = (mask & wanted).sum() / (mask | wanted).sum()
        assert overlap > 0.97, class_id
    sky, tree = dataset["annotations"]
    assert (len(sky["segmentation"]), len(tree["segmentation"])) == (3, 4), "a part each, without the single pixel"
    assert sum(map(len, sky["segmentation"])) < 300, "slanted edges are lines, not steps"


def test_files_are_measured_in_the_photograph_that_they_name() -> None:
    ids = draw()
    written = write(ids, size=(2 * WIDTH, 3 * HEIGHT))
    larger = np.repeat(np.repeat(ids, 3, axis=0), 2, axis=1)
    for class_id, mask in read(written["rle"]).items():
        np.testing.assert_array_equal(mask, larger == class_id)
    for class_id, mask in read(written["polygons"]).items():
        assert ((mask > 0) == (larger == class_id)).mean() > 0.99
