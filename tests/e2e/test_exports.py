"""What needs a browser to be made: the drawn picture, the page without a server, and the worker under a strict policy.

The modules are built by Vite as the page's are, and served to a page that does nothing but lend them to the test.
"""

import base64
import io
import json
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, Page

from api.tasks.detection.draw import class_colour, draw_detections
from api.tasks.detection.types import Box, Detection, Keypoint
from harness.gunicorn_server import PROJECT
from harness.pictures import encode

POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; img-src data: blob:; "
    "base-uri 'none'; form-action 'none'"
)
MODULES = {
    "drawing": "save/picture.js",
    "html": "save/page.js",
    "marks": "tasks/detection/marks.js",
    "prepare": "media/preparer.js",
}
DETECTIONS = [
    Detection("dog", 16, 0.98, Box(130.6, 220.4, 309.8, 542.0)),
    Detection("bicycle", 1, 0.9, Box(100.2, 117.9, 600.5, 447.3)),
    Detection("truck", 7, 0.6, Box(470.0, 60.5, 768.0, 180.0)),
    Detection("person", 0, 0.3, Box(0.0, 300.0, 60.9, 576.0)),
]


class Handler(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the built modules are served."""
    root = tmp_path_factory.mktemp("exports")
    lines = [
        f"import * as {name} from {json.dumps(str(PROJECT / 'site/src' / path))};" for name, path in MODULES.items()
    ]
    (root / "main.js").write_text("\n".join([*lines, f"window.parts = {{ {', '.join(MODULES)} }};"]))
    (root / "index.html").write_text(
        '<!doctype html><title>parts</title><script type="module" src="./main.js"></script>'
    )
    vite = ["npx", "vite", "build", root, "--base", "./", "--assetsInlineLimit", "0", "--logLevel", "error"]
    subprocess.run(vite, cwd=PROJECT, check=True, timeout=120)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(root / "dist"))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page with `parts`, in which nothing may go wrong and nothing may be refused by the policy."""
    with browser.new_context() as context:
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(address)
        page.wait_for_function("window.parts")
        page.evaluate("""() => {
            const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
            window.blobOf = (base64, type) => new Blob([bytesOf(base64)], { type });
            window.base64Of = async (blob) => {
                let text = '';
                for (const byte of new Uint8Array(await blob.arrayBuffer())) text += String.fromCharCode(byte);
                return btoa(text);
            };
            const labelOf = ({ label, confidence }) => `${label} ${Math.round(confidence * 100)}%`.trim();
            window.groupsOf = (detections) =>
                window.parts.marks.marksOf(detections, { labelOf, nameOf: (detection) => detection.label });
        }""")
        yield page
        assert [line for line in said if "favicon" not in line] == []


def as_given(detections: list[Detection]) -> list[dict[str, Any]]:
    return [
        {
            "label": one.label,
            "classId": one.class_id,
            "confidence": one.confidence,
            "box": {"x1": one.box.x1, "y1": one.box.y1, "x2": one.box.x2, "y2": one.box.y2},
            "polygon": [{"x": x, "y": y} for x, y in one.polygon],
            "keypoints": [asdict(point) for point in one.keypoints],
        }
        for one in detections
    ]


def draw_in(page: Page, picture: bytes, detections: list[Detection], size: tuple[int, int]) -> bytes:
    """Return the JPEG that the page makes. `size` is (width, height) of what the boxes are measured in."""
    drawn = page.evaluate(
        """async ({ picture, detections, width, height }) => {
            const bitmap = await createImageBitmap(window.blobOf(picture, 'image/png'));
            const groups = window.groupsOf(detections);
            return window.base64Of(await window.parts.drawing.drawPicture(bitmap, groups, { width, height }));
        }""",
        {
            "picture": base64.b64encode(picture).decode(),
            "detections": as_given(detections),
            "width": size[0],
            "height": size[1],
        },
    )
    return base64.b64decode(drawn)


def decode(jpeg: bytes) -> NDArray[np.int16]:
    with Image.open(io.BytesIO(jpeg)) as picture:
        return np.asarray(picture.convert("RGB")).astype(np.int16)


@pytest.fixture(scope="module")
def photograph(dog: bytes) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(dog)) as picture:
        return np.asarray(picture.convert("RGB"))


def test_the_page_draws_as_the_api_does(page: Page, photograph: NDArray[np.uint8]):
    height, width = photograph.shape[:2]
    drawn = decode(draw_in(page, encode(photograph, "PNG"), DETECTIONS, (width, height)))
    expected = draw_detections(photograph, DETECTIONS).astype(np.int16)
    lines = np.any(expected != photograph, axis=2)
    for one in DETECTIONS:  # the letters are of another font, so labels are a little longer or shorter
        left, top = int(one.box.x1), int(one.box.y1)
        lines[max(0, top - 30) : top - 1, left : left + 130] = False
    assert lines.mean() > 0.02
    # A JPEG keeps the lightness of thin lines, less so their colour.
    difference = np.abs((drawn - expected) @ (0.299, 0.587, 0.114))
    assert difference[lines].mean() < 8
    assert difference[~lines].mean() < 4


def test_each_line_of_a_box_is_where_the_api_draws_it(page: Page):
    grey = np.full((400, 600, 3), 128, np.uint8)
    box = Detection("", 3, 0.5, Box(100.7, 150.2, 500.9, 350.6))
    drawn = decode(draw_in(page, encode(grey, "PNG"), [box], (600, 400)))
    expected = draw_detections(grey, [box]).astype(np.int16)
    for strip in (np.s_[250, 90:115], np.s_[250, 490:510], np.s_[200, 90:115], np.s_[340:360, 300]):
        lightness = (drawn[strip].mean(axis=1), expected[strip].mean(axis=1))
        np.testing.assert_allclose(*lightness, atol=24)


def test_outline_and_key_points_are_where_the_api_draws_them(page: Page):
    grey = np.full((400, 600, 3), 128, np.uint8)
    outline = ((120.0, 170.0), (480.0, 170.0), (300.0, 330.0))
    points = (Keypoint("nose", 200, 200, 0.9), Keypoint("ear", 400, 200, 0.4))
    person = Detection("", 3, 0.5, Box(100, 150, 500, 350), outline, points)
    drawn = decode(draw_in(page, encode(grey, "PNG"), [person], (600, 400)))
    expected = draw_detections(grey, [person]).astype(np.int16)
    changed = np.any(expected != grey, axis=2)
    changed[:150, 90:250] = False  # the label
    difference = np.abs((drawn - expected) @ (0.299, 0.587, 0.114))
    assert 0.1 < changed.mean() < 0.2
    assert difference[changed].mean() < 10, "slanted lines have softer edges in a browser"
    assert difference[185:250, 220:380].mean() < 4, "the tint of the inside"
    assert abs(drawn[200, 200].mean() - 255) < 12, "the middle of a point is light"
    np.testing.assert_allclose(drawn[200, 400], drawn[200, 350], atol=6)  # one that is hardly seen is not painted


def test_the_drawn_picture_is_as_large_as_the_photograph_and_carries_nothing_of_it(page: Page, dog: bytes):
    with Image.open(io.BytesIO(dog)) as picture:
        large = picture.resize((4032, 3024))
    exif = Image.Exif()
    exif[0x010E] = "a secret"
    png = io.BytesIO()
    large.save(png, "PNG", exif=exif, compress_level=1)
    jpeg = draw_in(page, png.getvalue(), DETECTIONS, (768, 576))
    assert b"secret" not in jpeg
    assert b"Exif" not in jpeg
    with Image.open(io.BytesIO(jpeg)) as drawn:
        assert drawn.format == "JPEG"
        assert drawn.size == (4032, 3024)
        assert len(drawn.getexif()) == 0
        line = np.asarray(drawn.convert("RGB"))[2400, round(309.8 * 4032 / 768) - 6].astype(int)
    assert line == pytest.approx(class_colour(16), abs=24)  # boxes and their lines grow with the picture


def test_a_picture_larger_than_this_browser_draws_is_made_smaller(page: Page):
    page.evaluate("""() => {
        const { prototype } = OffscreenCanvasRenderingContext2D;
        const read = prototype.getImageData;
        prototype.getImageData = function (...place) { // as on iOS, where a canvas that is too large stays empty
            const isEmpty = this.canvas.width * this.canvas.height > 16_777_216;
            return isEmpty ? new ImageData(1, 1) : read.apply(this, place);
        };
    }""")
    blank = io.BytesIO()
    Image.new("L", (5000, 4000)).save(blank, "PNG", compress_level=1)
    width, height = Image.open(io.BytesIO(draw_in(page, blank.getvalue(), DETECTIONS, (768, 576)))).size
    assert 16_700_000 < width * height <= 16_777_216
    assert width / height == pytest.approx(1.25, abs=0.001)


def test_the_saved_page_shows_everything_and_asks_nobody(page: Page, browser: Browser, dog: bytes, tmp_path: Path):
    hostile = Detection("<img src=x onerror=alert(1)>", 2, 0.5, Box(10, 10, 200, 100))
    html = page.evaluate(
        """async ({ picture, detections }) => window.parts.html.toHtml({
            picture: window.blobOf(picture, 'image/jpeg'),
            size: { width: 768, height: 576 },
            groups: window.groupsOf(detections),
            rows: detections.map(({ label, confidence }) => (
                { label, figure: `${Math.round(confidence * 100)}%`, share: confidence, colour: '#123456' })),
            words: { language: 'en', title: 'dog.jpg', alt: 'A dog', caption: 'yolov3' },
        })""",
        {"picture": base64.b64encode(dog).decode(), "detections": as_given([*DETECTIONS, hostile])},
    )
    saved = tmp_path / "saved.html"
    saved.write_text(html, encoding="utf-8")
    with browser.new_context(java_script_enabled=False) as context:
        shown = context.new_page()
        asked: list[str] = []
        said: list[str] = []
        shown.on("request", lambda request: asked.append(request.url))
        shown.on("console", lambda message: said.append(message.text))
        shown.goto(saved.as_uri())
        assert shown.get_by_role("listitem").all_inner_texts() == [
            "dog 98%", "bicycle 90%", "truck 60%", "person 30%", "<img src=x onerror=alert(1)> 50%",
        ]  # fmt: skip
        assert shown.get_by_role("img", name="A dog").count() == 1
        assert said == []
        assert [url for url in asked if not url.startswith("data:")] == [saved.as_uri()]
        picture = Image.open(io.BytesIO(shown.locator("svg.picture").screenshot())).convert("RGB")
    # The photograph shows through, and its own heading is styled, so that neither was refused by the policy.
    assert len(picture.getcolors(1 << 20) or []) > 5000


def test_the_worker_prepares_under_the_policy(page: Page, dog: bytes):
    done = page.evaluate(
        """async (photograph) => {
            let started = 0;
            const Real = window.Worker;
            window.Worker = class extends Real { constructor(...given) { super(...given); started += 1; } };
            const prepareHere = () => { throw new Error('the worker was not used'); };
            const prepare = window.parts.prepare.createPreparer({ prepareHere });
            const signal = new AbortController().signal;
            const file = new File([window.blobOf(photograph, 'image/jpeg')], 'dog.jpg', { type: 'image/jpeg' });
            const image = await prepare(file, signal);
            const refused = await prepare(new File(['text'], 'a.txt', { type: 'text/plain' }), signal)
                .catch((error) => error.kind);
            const cancelled = new AbortController();
            const cancelling = prepare(file, cancelled.signal).catch((error) => error.name);
            cancelled.abort();
            return {
                started, refused, cancelled: await cancelling,
                name: image.file.name, size: image.size, upright: image.upright,
                jpeg: await window.base64Of(image.file),
            };
        }""",
        base64.b64encode(dog).decode(),
    )
    jpeg = base64.b64decode(done.pop("jpeg"))
    assert done == {
        "started": 1,
        "refused": "not-an-image",
        "cancelled": "AbortError",
        "name": "dog.jpg",
        "size": {"width": 768, "height": 576},
        "upright": True,
    }
    assert np.mean(np.abs(decode(jpeg) - decode(dog))) < 3


def test_without_a_worker_the_page_does_the_same(page: Page, dog: bytes):
    size = page.evaluate(
        """async (photograph) => {
            delete window.Worker;
            const prepare = window.parts.prepare.createPreparer();
            const file = new File([window.blobOf(photograph, 'image/jpeg')], 'dog.jpg', { type: 'image/jpeg' });
            return (await prepare(file, new AbortController().signal)).size;
        }""",
        base64.b64encode(dog).decode(),
    )
    assert size == {"width": 768, "height": 576}
