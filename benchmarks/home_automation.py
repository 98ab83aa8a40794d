"""How quickly a camera's program has its answer: JPEGs of 320 x 320 pixels, asked as Frigate asks.

    python -m benchmarks.home_automation [--frames 500] [--model yolox-nano] [--data FOLDER] [--detectors 2]

Frigate cuts squares out of its cameras' pictures, scales them to 320 x 320 and sends each as a JPEG over a connection
that it keeps, the next one when the last is answered; each of its `detectors` does so by itself. The squares come out
of the photographs of DATA (the page's examples, if none is named). A time is from the first byte sent to the JSON read.
"""

import argparse
import http.client
import io
import itertools
import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.machine import describe_machine
from benchmarks.robustness.process import cpu_s
from benchmarks.robustness.rows import Row, finish
from harness.gunicorn_server import PROJECT, GunicornServer, running_server
from harness.http_client import TIMEOUT_S, encode_form
from harness.real_models import real_model

SIDE = 320
PATIENCE_S = 0.1  # Frigate's `api_timeout`, if nobody sets it
MOST_MEDIAN_MS = 50.0
WARM_UP = 20  # frames


@dataclass(frozen=True, slots=True)
class Round:
    """What some detectors saw at once: the seconds that each answer took, and the server's CPU for one of them."""

    detectors: int
    times_s: NDArray[np.float64]
    cpu_ms: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--frames", type=int, default=500, help="for each detector")
    parser.add_argument("--model", default="yolox-nano")
    parser.add_argument("--data", type=Path, default=PROJECT / "site" / "examples", help="a folder of JPEGs")
    parser.add_argument("--detectors", type=int, default=2)
    options = parser.parse_args()
    frames = cut_frames(sorted(options.data.glob("*.jpg")))
    environment = {"PAGESIGHT_MODEL": options.model, "PAGESIGHT_WEIGHTS_DIR": str(real_model(options.model))}
    with running_server(**environment) as server:
        rounds = [ask_at_once(server, frames, options.frames, count) for count in (1, options.detectors)]
    print(describe_machine())
    rows = [make_row(options.model, one) for one in rounds]
    for row in rows:
        print(f"{'met    ' if row.met else 'NOT MET'} {row.measure}: {row.measured} (target: {row.target})")
    finish(rows)


def make_row(model: str, asked: Round) -> Row:
    """Return what is to be shown; only one detector alone has a target."""
    median, slow = np.percentile(asked.times_s, (50, 99)) * 1000
    late = (asked.times_s > PATIENCE_S).mean()
    measured = f"median {median:.1f} ms, 99 % within {slow:.1f} ms, {late:.1%} later than {PATIENCE_S:g} s"
    measured += f"; {asked.cpu_ms:.1f} ms of the server's CPU each"
    measure = f"{model}, {len(asked.times_s)} frames of {asked.detectors} detector{'s' if asked.detectors > 1 else ''}"
    if asked.detectors > 1:
        return Row(measure, "none", measured, met=True)
    return Row(measure, f"median <= {MOST_MEDIAN_MS:g} ms", measured, bool(median <= MOST_MEDIAN_MS))


def cut_frames(photographs: Sequence[Path]) -> list[bytes]:
    """Return squares of the photographs, left, middle and right, as JPEGs of SIDE x SIDE pixels."""
    frames = []
    for path in photographs:
        with Image.open(path) as photograph:
            upright = photograph.convert("RGB")
        side = min(upright.size)
        for part in (0.0, 0.5, 1.0):
            left, top = (round(part * (length - side)) for length in upright.size)
            square = upright.crop((left, top, left + side, top + side)).resize((SIDE, SIDE))
            encoded = io.BytesIO()
            square.save(encoded, "JPEG")
            frames.append(encoded.getvalue())
    return frames


def ask_at_once(server: GunicornServer, frames: Sequence[bytes], count: int, detectors: int) -> Round:
    """Let some detectors ask about `count` frames each, and about WARM_UP before."""
    (worker,) = server.worker_pids
    before_s = cpu_s(worker)
    with ThreadPoolExecutor(detectors) as pool:
        times_s = np.concatenate(list(pool.map(lambda _: ask(server.port, frames, count), range(detectors))))
    cpu_ms = (cpu_s(worker) - before_s) / (detectors * (WARM_UP + count)) * 1000
    return Round(detectors, times_s, cpu_ms)


def ask(port: int, frames: Sequence[bytes], count: int) -> NDArray[np.float64]:
    """Ask about the frames in turn, over one connection; return the seconds of each answer after the first WARM_UP."""
    forms = [encode_form(frame, name="image", field="image", api_key="") for frame in frames]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    times_s = []
    for body, headers in itertools.islice(itertools.cycle(forms), WARM_UP + count):
        began = time.perf_counter()
        connection.request("POST", "/v1/vision/detection", body, headers)
        answer = json.loads(connection.getresponse().read())
        times_s.append(time.perf_counter() - began)
        if not answer["success"]:
            raise SystemExit(f"A frame was refused: {answer['error']}")
    connection.close()
    return np.array(times_s[WARM_UP:])


if __name__ == "__main__":
    main()
