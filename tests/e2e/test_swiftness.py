"""The page is small, and large photographs do not stop it. Times are printed, and only what is absurd fails."""

import gzip
import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Response

from harness.gunicorn_server import PROJECT, GunicornServer
from tests.e2e.conftest import OpenScreen
from tests.e2e.screen import Screen

FIRST_LOAD_MAX_BYTES = 30_000  # scripts and style that index.html names, compressed
IDLE_LOAD_MAX_BYTES = 4_500  # what comes when there is nothing else to do
THUMBNAILS_MAX_BYTES = 60_000  # of Darknet's photographs, all together
EXAMPLE_MAX_BYTES = 250_000
FROZEN_MS = 3_000  # a loaded machine may hold up any page; decoding 48 megapixels in the page's own thread takes longer
WATCH_FRAMES = """() => {
    window.longest = 0;
    let last = performance.now();
    const step = now => {
        window.longest = Math.max(window.longest, now - last);
        last = now;
        requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
}"""


def test_first_load_is_small(server: GunicornServer, open_screen: OpenScreen) -> None:
    screen = open_screen("about:blank")
    loaded: list[Response] = []
    screen.page.on("response", lambda response: loaded.append(response))
    screen.page.goto(server.url, wait_until="networkidle")
    screen.await_light("online")
    sizes = {
        response.url.rsplit("/", 1)[1]: len(gzip.compress(response.body(), 9))
        for response in loaded
        if re.search(r"\.(js|css)$", response.url)
    }
    named = set(re.findall(r"assets/([\w.-]+\.(?:js|css))", loaded[0].text()))
    first = sum(size for name, size in sizes.items() if name in named)
    idle = sum(sizes.values()) - first
    print(f"first load: {first / 1000:.1f} kB of compressed scripts and style, {idle / 1000:.1f} kB when idle: {sizes}")
    assert named <= sizes.keys()
    assert 0 < first <= FIRST_LOAD_MAX_BYTES
    assert 0 < idle <= IDLE_LOAD_MAX_BYTES


def test_examples_are_small() -> None:
    assets = PROJECT / "site" / "dist" / "assets"
    thumbnails = {path.name: path.stat().st_size for path in assets.glob("*-thumbnail-*.jpg")}
    examples = {path.name: path.stat().st_size for path in assets.glob("*.jpg") if path.name not in thumbnails}
    print(f"{sum(thumbnails.values()) / 1000:.1f} kB of thumbnails, examples: {examples}")
    assert len(thumbnails) == len(examples) > 0
    assert sum(thumbnails.values()) <= THUMBNAILS_MAX_BYTES
    assert max(examples.values()) <= EXAMPLE_MAX_BYTES


@pytest.mark.parametrize(("width", "height"), [(4000, 3000), (8000, 6000)], ids=["12 MP", "48 MP"])
def test_large_photo_does_not_freeze_the_page(screen: Screen, width: int, height: int) -> None:
    small = np.random.default_rng(0).integers(0, 256, (height // 20, width // 20, 3), np.uint8)
    photo = io.BytesIO()
    Image.fromarray(small).resize((width, height)).save(photo, "JPEG", quality=80)
    screen.page.wait_for_load_state("networkidle")
    screen.page.evaluate(WATCH_FRAMES)
    screen.choose(photo.getvalue())
    screen.await_result()
    longest = screen.page.evaluate("window.longest")
    print(f"{width} x {height}: the longest time between two frames is {longest:.0f} ms")
    assert longest < FROZEN_MS
    assert max(screen.picture().shape) == 1280
