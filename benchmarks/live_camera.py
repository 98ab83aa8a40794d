"""How quick the live camera is, with its parts, beside other programs in the same browser: a table.

    python -m benchmarks.live_camera [--seconds 30] [--rounds 3] [--steady 300] [--peers FOLDER]

Chromium plays the example photographs as its camera (640 x 480, 30 frames a second). Each program finds YOLOX-Nano's
objects in it: the page with the server on the same machine, the page on its own if it was built with YOLOX-Nano
(`make site-model`), and, if FOLDER holds the node_modules of `benchmarks/live/package.json`, libreyolo-web and
transformers.js. They take turns. Then the page runs for `--steady` seconds, and what it holds is told each minute.
Needs the built page.
"""

import argparse
import functools
import http.server
import json
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page

from benchmarks.csv_files import write_csv
from benchmarks.live_table import live_table
from benchmarks.memory import NOW, megabytes
from harness.clip import camera_flags, write_clip
from harness.gunicorn_server import PROJECT, running_server
from harness.real_models import real_model
from tests.e2e.chromium import running_chromium

MODEL = "yolox-nano"
SIZE = (640, 480)
VIEWPORT = {"width": 690, "height": 900}  # the picture is as large as the peers' own: 640 pixels wide
PEERS = ("libreyolo-web", "transformers.js")
PACKAGES = {"libreyolo-web": "libreyolo-web", "transformers.js": "@huggingface/transformers"}
WARM_UP_S = 5
SAMPLE_S = 3  # the page tells means of so long
TRACE_S = 5
TASKS = "toplevel"  # Chromium's category of what its threads do
MB = 1e6
# As the models of transformers.js' own hub are described; YOLOX takes BGR as it is.
CONFIG = {"model_type": "yolox"}
PREPROCESSOR = {
    "image_processor_type": "ImageFeatureExtractor", "do_resize": True, "size": {"width": 416, "height": 416},
    "do_rescale": False, "do_normalize": False, "do_flip_channel_order": True,
}  # fmt: skip


class Measured(NamedTuple):
    """What a turn of a program found."""

    rate: float
    delay_ms: float
    parts: dict[str, float]  # in milliseconds
    cpu_ms: float  # of the processor for a frame, in the process that shows the page, with its workers
    longest_ms: float  # the longest task of the page's own thread, in time of the processor


def main() -> None:
    """Measure, print the table, and write it down."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=30, help="of each turn")
    parser.add_argument("--rounds", type=int, default=3, help="of turns; 0: none")
    parser.add_argument("--steady", type=float, default=300, help="seconds in which nothing may grow; 0: not measured")
    parser.add_argument("--peers", type=Path, help="a folder with node_modules; none: without peers")
    parser.add_argument("--work", type=Path, default=PROJECT / "benchmarks" / "results")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, served_page() as url, _camera(Path(folder)) as browser:
        if arguments.rounds:
            _measure_turns(browser, url, arguments, Path(folder))
        if arguments.steady:
            rows = list(_measure_steady(browser, url, arguments.steady))
            write_csv(arguments.work / "live-steady.csv", rows)
    print(live_table(arguments.work))


@contextmanager
def served_page() -> Iterator[str]:
    """Give the address of the page, served by the API with YOLOX-Nano."""
    weights = str(real_model(MODEL))
    with running_server(PAGESIGHT_MODELS=MODEL, PAGESIGHT_MODEL="", PAGESIGHT_WEIGHTS_DIR=weights) as server:
        yield server.url


@contextmanager
def _camera(folder: Path) -> Iterator[Browser]:
    photographs = sorted((PROJECT / "site" / "examples").glob("*.jpg"))
    write_clip(folder / "clip.mjpeg", photographs, size=SIZE)
    with running_chromium(*camera_flags(folder / "clip.mjpeg"), "--enable-precise-memory-info") as browser:
        yield browser


def _measure_turns(browser: Browser, url: str, arguments: argparse.Namespace, folder: Path) -> None:
    turns = {"Pagesight, by the server": lambda: measure_page(browser, url, arguments.seconds, place="server")}
    if (PROJECT / "site" / "dist" / "device" / "model.json").exists():
        turns["Pagesight, on the device"] = lambda: measure_page(browser, url, arguments.seconds, place="device")
    with _peers(arguments.peers, folder) as peers_url:
        if peers_url:
            for peer in PEERS:
                address = f"{peers_url}/peer.html?peer={peer}"
                turns[peer] = functools.partial(measure_peer, browser, address, arguments.seconds)
        measured = [(name, turn()) for _ in range(arguments.rounds) for name, turn in turns.items()]
    rows = []
    for name in turns:
        own = [one for program, one in measured if program == name]
        parts = {part: statistics.median(one.parts.get(part, 0) for one in own) for part in own[0].parts}
        rows.append({
            "program": name,
            "rate": statistics.median(one.rate for one in own),
            "lowest": min(one.rate for one in own),
            "highest": max(one.rate for one in own),
            "delay_ms": statistics.median(one.delay_ms for one in own),
            "cpu_ms": statistics.median(one.cpu_ms for one in own),
            "longest_ms": max(one.longest_ms for one in own),
            "parts": json.dumps(parts),
        })  # fmt: skip
    write_csv(arguments.work / "live-camera.csv", rows)


def measure_page(browser: Browser, url: str, seconds: float, *, place: str) -> Measured:
    """Measure the page's live camera for some seconds, after some to warm up."""
    with open_live(browser, url, place) as page:
        page.wait_for_timeout(WARM_UP_S * 1000)
        samples = []
        before = _cpu_s(browser)
        began = time.monotonic()
        for _ in range(max(1, round(seconds / SAMPLE_S))):
            page.wait_for_timeout(SAMPLE_S * 1000)
            samples.append(_read_figures(page))
        cpu_s, passed = _cpu_s(browser) - before, time.monotonic() - began
        longest_ms = _longest_task(browser, page)
    rates, delays, parts = zip(*samples, strict=True)
    names = dict.fromkeys(name for one in parts for name in one)
    means = {name: statistics.fmean(one.get(name, 0) for one in parts) for name in names}
    rate = statistics.fmean(rates)
    return Measured(rate, statistics.fmean(delays), means, 1000 * cpu_s / (rate * passed), longest_ms)


@contextmanager
def open_live(browser: Browser, url: str, place: str) -> Iterator[Page]:
    """Open the live camera in a profile of its own."""
    context = browser.new_context(permissions=["camera"], viewport=VIEWPORT)
    try:
        page = context.new_page()
        page.goto(url)
        page.locator("#status[data-state=online]").wait_for()
        if place == "device":
            page.locator("#keep").check()
        page.locator("#live").click()
        page.locator(".live-more summary").click()
        page.locator(".live [data-part=inference]").wait_for(timeout=60_000)
        yield page
    finally:
        context.close()


def _read_figures(page: Page) -> tuple[float, float, dict[str, float]]:
    """Read what the page tells: frames a second, the delay, and its parts in milliseconds."""
    words = page.locator(".live-figures").inner_text().split()
    parts = page.locator(".live [data-part]").evaluate_all("all => all.map(one => [one.dataset.part, one.textContent])")
    return float(words[0]), float(words[4]), {name: _milliseconds(text) for name, text in parts}


def _milliseconds(text: str) -> float:
    number, unit = text.split()
    return float(number) * (1000 if unit == "s" else 1)


def measure_peer(browser: Browser, address: str, seconds: float) -> Measured:
    """Measure a peer for some seconds, after some to warm up."""
    context = browser.new_context(permissions=["camera"])
    try:
        page = context.new_page()
        page.goto(address)
        page.wait_for_function("window.figures?.frames.length > 2 || window.figures?.error", timeout=120_000)
        if error := page.evaluate("window.figures.error"):
            raise RuntimeError(f"{address}: {error}")
        page.wait_for_timeout(WARM_UP_S * 1000)
        page.evaluate("window.figures.frames.length = 0")
        before = _cpu_s(browser)
        page.wait_for_timeout(seconds * 1000)
        cpu_s = _cpu_s(browser) - before
        frames: list[dict[str, float]] = page.evaluate("window.figures.frames")
        longest_ms = _longest_task(browser, page)
    finally:
        context.close()
    if not any(one["found"] for one in frames):
        raise RuntimeError(f"{address}: nothing is found")
    rate = 1000 * (len(frames) - 1) / (frames[-1]["at"] - frames[0]["at"])
    parts = {
        "detect": statistics.fmean(one["detectMs"] for one in frames),
        "paint": statistics.fmean(one["drawMs"] for one in frames),
    }
    return Measured(rate, sum(parts.values()), parts, 1000 * cpu_s / len(frames), longest_ms)


def _measure_steady(browser: Browser, url: str, seconds: float) -> Iterator[dict[str, Any]]:
    """Give a row each minute: what the page holds after a collection."""
    with open_live(browser, url, "server") as page:
        page.wait_for_timeout(WARM_UP_S * 1000)
        devtools = page.context.new_cdp_session(page)
        began = time.monotonic()
        while True:
            devtools.send("HeapProfiler.collectGarbage")
            used = devtools.send("Runtime.getHeapUsage")
            passed = time.monotonic() - began
            yield {
                "seconds": round(passed),
                "heap_mb": used["usedSize"] / MB,
                "buffers_mb": used.get("backingStorageSize", 0) / MB,
                "resident_mb": _resident_mb(browser),
            }
            if passed >= seconds:
                return
            page.wait_for_timeout(min(60, seconds - passed) * 1000)


def _resident_mb(browser: Browser) -> float:
    """Return what the largest process holds that shows a page, its workers and pictures included."""
    return max(megabytes(NOW, one["id"]) for one in _renderers(browser))


def _cpu_s(browser: Browser) -> float:
    """Return how many seconds of the processor the processes took by now that show pages."""
    return sum(float(one["cpuTime"]) for one in _renderers(browser))


def _renderers(browser: Browser) -> list[dict[str, Any]]:
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    return [one for one in processes if one["type"] == "renderer"]


def _longest_task(browser: Browser, page: Page) -> float:
    """Return milliseconds of the processor that the longest task of the page's own thread took in some seconds.

    How long the clock ran meanwhile says more of what else the machine does.
    """
    browser.start_tracing(page=page, categories=[TASKS])
    page.wait_for_timeout(TRACE_S * 1000)
    events = json.loads(browser.stop_tracing())["traceEvents"]
    threads = {(one["pid"], one["tid"]): one["args"]["name"] for one in events if one.get("name") == "thread_name"}
    own = [one for one in events if threads.get((one["pid"], one["tid"])) == "CrRendererMain"]
    return max(one["tdur"] for one in own if "tdur" in one) / 1000


@contextmanager
def _peers(folder: Path | None, work: Path) -> Iterator[str]:
    """Serve the peers' page; gives its address, '' without peers."""
    if folder is None:
        yield ""
        return
    root = work / "peers"
    shutil.copytree(PROJECT / "benchmarks" / "live", root)
    (root / "node_modules").symlink_to((folder / "node_modules").resolve())
    model = root / "models" / MODEL
    (model / "onnx").mkdir(parents=True)
    (model / "onnx" / "model.onnx").symlink_to(real_model(MODEL) / f"{MODEL}.onnx")
    (model / "config.json").write_text(json.dumps(CONFIG))
    (model / "preprocessor_config.json").write_text(json.dumps(PREPROCESSOR))
    handler = functools.partial(_Quiet, directory=str(root))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    main()
