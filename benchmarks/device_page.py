"""What the page costs where the visitor's own device computes: bytes, start and time for a photograph, as tables.

    python -m benchmarks.device_page [--dist site/dist] [--rounds 5]

`make site-model` and `npm run build` come first. Chromium opens the page from a server of files, whose API nobody
answers; a first photograph lets it load what it needs, and the examples follow, round after round.
"""

import argparse
import functools
import http.server
import os
import re
import statistics
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, Response

from harness.gunicorn_server import PROJECT
from tests.e2e.chromium import running_chromium

LIMIT_MS = 60_000
SHOWN = "() => document.querySelector('#frame').dataset.state === 'result' && document.querySelector('#timings dt')"
TIMINGS = """() => [...document.querySelectorAll('#timings dt')].map(
    stage => [stage.textContent, stage.nextElementSibling.textContent])"""
PARTS = {"runtime": r"\.wasm\.gz$", "model": r"/device/", "scripts, when it is needed": r"/assets/[\w-]+\.(?:js|css)$"}


class Files(http.server.SimpleHTTPRequestHandler):
    """Serves files, and answers no form."""

    def log_message(self, *_: object) -> None:
        """Say nothing of each request."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve the files of a folder; give the address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Files, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def look_at(page: Page, photograph: Path) -> tuple[float, dict[str, float]]:
    """Let the page look at a photograph; return the milliseconds until it is shown, and those of the stages."""
    began = page.evaluate("performance.now()")
    page.set_input_files("#file-input", photograph)
    page.wait_for_function(SHOWN, timeout=LIMIT_MS)
    took = page.evaluate("performance.now()") - began
    stages = {stage: milliseconds(text) for stage, text in page.evaluate(TIMINGS)}
    page.click("#reset")
    page.wait_for_selector("#frame[data-state=empty]")
    return took, stages


def milliseconds(text: str) -> float:
    """Return what the page says as `208 ms` or `1.20 s`."""
    number, unit = text.split()
    return float(number) * (1000 if unit == "s" else 1)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dist", type=Path, default=PROJECT / "site" / "dist")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    photographs = sorted((PROJECT / "site" / "examples").glob("*.jpg"))
    sizes: dict[str, int] = defaultdict(int)

    def count(response: Response) -> None:
        name = next((part for part, pattern in PARTS.items() if re.search(pattern, response.url)), "")
        if name and response.ok:
            packed = arguments.dist / f"{response.url.split('/', 3)[3]}.gz"
            sizes[name] += packed.stat().st_size if packed.is_file() else len(response.body())

    with serving(arguments.dist) as address, running_chromium() as browser:
        page = browser.new_page()
        page.goto(address, wait_until="networkidle")
        page.on("response", count)
        first, _ = look_at(page, photographs[0])
        later = [look_at(page, photograph) for _ in range(arguments.rounds) for photograph in photographs]
        print(f"Chromium {browser.version}, load of the machine {os.getloadavg()[0]:.1f}")
    print("| fetched for the first photograph | bytes |\n| --- | ---: |")
    for part, size in (*sizes.items(), ("all", sum(sizes.values()))):
        print(f"| {part} | {size:,} |")
    print("| a photograph | ms, median |\n| --- | ---: |")
    print(f"| the first, with what is fetched and started | {first:.0f} |")
    print(f"| a later one, until it is shown | {statistics.median(took for took, _ in later):.0f} |")
    for stage in later[0][1]:
        print(f"| {stage} | {statistics.median(stages[stage] for _, stages in later):.0f} |")


if __name__ == "__main__":
    main()
