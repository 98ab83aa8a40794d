"""How the page of `make clean-data` bears many photographs: `python -m benchmarks.clean_page [--quick]`.

Measured in a real Chromium: how soon the first photographs are seen, how long the end of the list takes, how many cards
are in the page, its memory, and how quickly decisions are made, with the disk in it.
"""

import argparse
import io
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page

from benchmarks.machine import describe_machine
from harness.cleaning_program import cleaning
from tests.e2e.chromium import running_chromium

COUNTS = (2_000, 20_000)
LABELS = 10
SIZE = (640, 480)
DECISIONS = 50
VIEW = {"width": 1280, "height": 900}
ALL_LOADED = """() => {
    const [box, ...pictures] = [document.querySelector('#grid'), ...document.querySelectorAll('#cards img')];
    const {top, bottom} = box.getBoundingClientRect();
    return pictures.filter(it => it.getBoundingClientRect().bottom > top && it.getBoundingClientRect().top < bottom)
        .every(it => it.complete && it.naturalWidth > 0);
}"""
MEMORY = "performance.memory.usedJSHeapSize / 1e6"


def main() -> None:
    """Print a row for each number of photographs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="with a tenth of the photographs")
    quick = parser.parse_args().quick
    print(describe_machine())
    print("photographs  first seen s  last seen s  cards  MB of the page  ms a decision")
    for count in COUNTS:
        with tempfile.TemporaryDirectory() as folder:
            write_photographs(Path(folder), count // 10 if quick else count)
            measure(Path(folder), count // 10 if quick else count)


def write_photographs(folder: Path, count: int) -> None:
    """Write as many JPEGs: links to one file, as only reading them takes part."""
    noise = np.random.default_rng(0).integers(0, 256, (12, 16, 3), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).resize(SIZE, Image.Resampling.BICUBIC).save(buffer, "JPEG", quality=90)
    first = folder / ".first"
    first.write_bytes(buffer.getvalue())
    for number in range(count):
        path = folder / f"label {number % LABELS}" / f"{number:05}.jpg"
        path.parent.mkdir(exist_ok=True)
        path.hardlink_to(first)


def measure(folder: Path, count: int) -> None:
    """Print a row."""
    with cleaning(folder) as address, running_chromium("--enable-precise-memory-info") as browser:
        page = browser.new_page(viewport=VIEW)
        began = time.perf_counter()
        page.goto(address)
        page.locator("#cards .card").first.wait_for()
        page.wait_for_function(ALL_LOADED)
        first_s = time.perf_counter() - began
        began = time.perf_counter()
        page.keyboard.press("End")
        page.locator(f".card.is-current[aria-posinset='{count}']").wait_for()
        page.wait_for_function(ALL_LOADED)
        last_s = time.perf_counter() - began
        cards = page.locator("#cards .card").count()
        page.keyboard.press("Home")
        decision_ms = statistics.median(decide(page, key) for key in "23" * (DECISIONS // 2))
        memory_mb = page.evaluate(MEMORY)
        print(f"{count:11,}  {first_s:12.1f}  {last_s:11.1f}  {cards:5}  {memory_mb:14.0f}  {decision_ms:13.0f}")


def decide(page: Page, key: str) -> float:
    """Return how many milliseconds a key takes until the page says what was done."""
    page.locator("#status").evaluate("status => { status.textContent = ''; }")
    began = time.perf_counter()
    page.keyboard.press(key)
    page.wait_for_function("() => document.querySelector('#status').textContent !== ''")
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
