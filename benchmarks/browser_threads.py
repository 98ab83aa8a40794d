"""`python -m benchmarks.browser_threads [FOLDER]`: what a second thread gives the model that computes in the browser.

FOLDER is what `make site-model` wrote. Chromium gets pages with the headers that threads need (COOP and COEP), each
with ONNX Runtime's WebAssembly in a worker. They take turns, and the bare network is timed.
"""

import argparse
import gzip
import http.server
import json
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from playwright.sync_api import Page

from benchmarks.tables import table
from harness.gunicorn_server import PROJECT
from tests.e2e.chromium import running_chromium

RUNTIME = PROJECT / "node_modules" / "onnxruntime-web" / "dist"
THREADS = (1, 2)
ROUNDS, RUNS, WARM_UP = 20, 5, 5
WORKER = """
import * as ort from './ort.wasm.bundle.min.mjs';
let session;
onmessage = async ({data: {threads, size, runs}}) => {
    ort.env.wasm.numThreads = threads;
    session ??= await ort.InferenceSession.create('./model.onnx', {executionProviders: ['wasm']});
    const [height, width] = size;
    const image = new ort.Tensor('float32', new Float32Array(3 * height * width).map(() => Math.random() * 255),
                                 [1, 3, height, width]);
    const times = [];
    for (let run = 0; run < runs; run += 1) {
        const start = performance.now();
        await session.run({[session.inputNames[0]]: image});
        times.push(performance.now() - start);
    }
    postMessage(times);
};
"""
START = "window.worker = new Worker('./worker.mjs', {type: 'module'}); crossOriginIsolated"
ASK = """order => new Promise((resolve, reject) => {
    window.worker.onmessage = ({data}) => resolve(data);
    window.worker.onerror = ({message}) => reject(new Error(message));
    window.worker.postMessage(order);
})"""


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=PROJECT / "site" / "device")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    facts = json.loads((arguments.folder / "model.json").read_text(encoding="utf-8"))
    network = gzip.decompress((arguments.folder / facts["file"]).read_bytes())
    size = tuple(facts["card"]["input"]["size"])
    with served(network) as url, running_chromium() as browser:
        pages = {threads: open_page(browser.new_page(), url) for threads in THREADS}
        print(f"Chromium {browser.version}, {arguments.rounds} rounds of {RUNS}")
        row = row_of(times_of(pages, size, arguments.rounds))
    print(table(("model", "1 thread: ms", "2 threads: ms", "quicker by", "quartiles"), [(facts["card"]["name"], *row)]))


def open_page(page: Page, url: str) -> Page:
    """Open a page with a worker of its own. Raises RuntimeError if the browser would give it no threads."""
    page.goto(url)
    if not page.evaluate(START):
        raise RuntimeError("The page is not isolated, so it gets no threads.")
    return page


def times_of(pages: dict[int, Page], size: tuple[int, ...], rounds: int) -> list[dict[int, float]]:
    """Return for each round the median of each number of threads, in milliseconds."""

    def ask(threads: int, runs: int) -> list[float]:
        order = {"threads": threads, "size": size, "runs": runs}
        return list(pages[threads].evaluate(ASK, order))

    for threads in pages:
        ask(threads, WARM_UP)
    return [
        {threads: median(ask(threads, RUNS)) for threads in random.sample(list(pages), len(pages))}
        for _ in range(rounds)
    ]


def row_of(rounds: list[dict[int, float]]) -> tuple[str, ...]:
    """Return the median of each number of threads, and of what the second one gains in a round."""
    one, two = THREADS
    gains = [times[one] / times[two] - 1 for times in rounds]
    low, _, high = quantiles(gains, n=4)
    middle = [f"{median(times[threads] for times in rounds):.1f}" for threads in THREADS]
    return (*middle, f"{median(gains):.0%}", f"{low:.0%} to {high:.0%}")


@contextmanager
def served(network: bytes) -> Iterator[str]:
    """Serve an empty page, the runtime and the network, isolated from other origins; give the address."""
    made = {
        "/": (b"<!doctype html><title>threads</title>", "text/html"),
        "/worker.mjs": (WORKER.encode(), "text/javascript"),
        "/model.onnx": (network, "application/octet-stream"),
    }

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(RUNTIME))

        def log_message(self, *_: object) -> None:
            pass

        def end_headers(self) -> None:
            self.send_header("Cross-Origin-Opener-Policy", "same-origin")
            self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
            super().end_headers()

        def do_GET(self) -> None:
            if self.path not in made:
                super().do_GET()
                return
            body, media_type = made[self.path]
            self.send_response(200)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


if __name__ == "__main__":
    main()
