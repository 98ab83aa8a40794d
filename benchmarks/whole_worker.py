"""`python -m benchmarks.whole_worker FOLDER MODEL`: memory and starts of the whole server.

FOLDER is what `benchmarks.model_files` wrote. Memory is what Linux calls resident, in MB, of the worker process and of
gunicorn's master: some seconds after it is ready, when the second network is there, too; after 200 photographs one at a
time; after 200 more two at a time. A start is counted from the process's start until `/readyz` answers 200: the first,
which converts the model, and those after it.
"""

import argparse
import itertools
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from benchmarks.csv_files import write_csv
from benchmarks.load import Post
from benchmarks.memory import NOW, PEAK, megabytes
from benchmarks.model_files import BenchmarkFiles
from benchmarks.photographs import write_photographs
from benchmarks.servers import serving
from harness.gunicorn_server import GunicornServer

REQUESTS = 200
STARTS = 3
COMPLETE_S = 6.0  # in which the network for several images at once is prepared


@dataclass(frozen=True)
class WholeWorker:
    """A server with one model in one precision. Seconds and MB; `first_start_s` NaN where nothing is converted."""

    precision: str
    first_start_s: float
    start_s: float
    master_mb: float
    ready_mb: float
    one_mb: float
    two_mb: float
    peak_mb: float


def main() -> int:
    """Measure, print, write `worker-MODEL.csv`; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("model")
    parser.add_argument("--precisions", nargs="+", default=("bf16", "int8"))
    parser.add_argument("--requests", type=int, default=REQUESTS)
    parser.add_argument("--starts", type=int, default=STARTS)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    arguments = parser.parse_args()
    files = BenchmarkFiles(arguments.model, arguments.folder)
    rows = []
    for precision in arguments.precisions:
        if precision != "int8" or files.quantized.exists():
            found = measure_worker(files, precision, arguments.requests, arguments.starts)
            print(found)
            rows.append(asdict(found))
    arguments.out.mkdir(parents=True, exist_ok=True)
    write_csv(arguments.out / f"worker-{arguments.model}.csv", rows)
    return 0


def measure_worker(files: BenchmarkFiles, precision: str, requests: int, starts: int) -> WholeWorker:
    """Start the server a few times, and let the last one work."""
    first = float("nan")
    if precision != "int8":
        with tempfile.TemporaryDirectory() as empty, started(files, precision, Path(empty)) as (_, first):
            pass
    seconds = []
    for _ in range(starts - 1):
        with started(files, precision) as (_, second):
            seconds.append(second)
    images = [path.read_bytes() for path in write_photographs(files.folder).values()]
    with started(files, precision) as (server, second):
        seconds.append(second)
        (worker,) = server.worker_pids
        time.sleep(COMPLETE_S)
        ready = megabytes(NOW, worker)
        one = after(server, images, requests, at_once=1)
        two = after(server, images, requests, at_once=2)
        master, peak = megabytes(NOW, server.pid), megabytes(PEAK, worker)
    return WholeWorker(precision, first, median(seconds), master, ready, one, two, peak)


@contextmanager
def started(
    files: BenchmarkFiles, precision: str, converted: Path | None = None
) -> Iterator[tuple[GunicornServer, float]]:
    """Give a server that is ready, and how many seconds that took."""
    began = time.perf_counter()
    with serving(files, precision, converted) as server:
        yield server, time.perf_counter() - began


def after(server: GunicornServer, images: Sequence[bytes], requests: int, at_once: int) -> float:
    """Ask so often, a picture back each time; return what the worker then holds. Raises RuntimeError."""
    posts = itertools.islice(itertools.cycle([Post.form(server.port, image) for image in images]), requests)
    with ThreadPoolExecutor(at_once) as clients:
        if not all(clients.map(Post.is_answered, posts)):
            raise RuntimeError(f"a request failed:\n{server.log()}")
    (worker,) = server.worker_pids
    return megabytes(NOW, worker)


if __name__ == "__main__":
    sys.exit(main())
