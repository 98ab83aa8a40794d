"""`python -m benchmarks.serve_load FOLDER MODEL`: what the whole server, gunicorn and all, carries and adds.

FOLDER is what `benchmarks.model_files` wrote. Three measurements, over HTTP on this machine:

    clients     1, 2, 4, 8 and 16 of them; each sends one photograph after the other and waits for the annotated picture
    throughput  8 clients that want no picture, in turns with a process that decodes the same JPEG and runs the network
                with OpenVINO's own THROUGHPUT setting, asked by 8 threads, without HTTP and without reading boxes
    lone        one client that wants no picture, in turns with the same work in a process without a server
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.contestants import PAGESIGHT, Entry, Worker
from benchmarks.load import Post, measure
from benchmarks.model_files import BenchmarkFiles
from benchmarks.photographs import write_photographs
from benchmarks.servers import serving
from benchmarks.turns import PAUSE_SECONDS
from benchmarks.worker import timed

CLIENTS = (1, 2, 4, 8, 16)
BUSY = 8
LONE_SECONDS = 0.2
Pairs = list[tuple[float, float]]


def main() -> int:
    """Measure, print, write `server-MODEL-PRECISION.json`; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("model")
    parser.add_argument("--precision", default="bf16")
    parser.add_argument("--seconds", type=float, default=4.0, help="for each number of clients, and for each turn")
    parser.add_argument(
        "--rounds", type=int, default=4, help="of 8 clients; of a lone one there are three times as many"
    )
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    arguments = parser.parse_args()
    files = BenchmarkFiles(arguments.model, arguments.folder)
    result = measure_server(files, arguments.precision, arguments.seconds, arguments.rounds)
    arguments.out.mkdir(parents=True, exist_ok=True)
    path = arguments.out / f"server-{arguments.model}-{arguments.precision}.json"
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"{arguments.model} {arguments.precision}: {describe(result)}")
    return 0


def measure_server(
    files: BenchmarkFiles, precision: str, seconds: float, rounds: int, clients: Sequence[int] = CLIENTS
) -> dict[str, Any]:
    """Return the three measurements. Raises WorkerError."""
    image = write_photographs(files.folder)["4:3"]
    ours = next(entry for entry in PAGESIGHT if entry.precision == precision)
    bare = Entry(
        f"OpenVINO THROUGHPUT {precision}", "benchmarks.peers.openvino_throughput", precision, {"precision": precision}
    )
    with serving(files, precision) as server:
        with_picture = Post.form(server.port, image.read_bytes())
        without = Post.form(server.port, image.read_bytes(), annotate="false")
        loads = [measure(number, seconds, with_picture.is_answered) for number in clients]
        with closing(Worker(bare, files.folder, files.name)) as worker:
            throughput = take_busy_turns(without, worker, image, seconds, rounds)
        with closing(Worker(ours, files.folder, files.name)) as worker:
            lone = take_lone_turns(without, worker, image, 3 * rounds)
        own = [own_ms(without) for _ in range(10 * rounds)]
    return {
        "model": files.name, "precision": precision, "clients": [asdict(load) for load in loads],
        "throughput_per_s": throughput, "lone_ms": lone, "outside_of_work_ms": median(own),
    }  # fmt: skip


def take_busy_turns(post: Post, bare: Worker, image: Path, seconds: float, rounds: int) -> Pairs:
    """Return the images a second of the server and of the bare network, round by round."""
    pairs = []
    bare.ask("carry", image=str(image), clients=BUSY, seconds=seconds / 2)  # a first run at a size takes its time
    for _ in range(rounds):
        server = measure(BUSY, seconds, post.is_answered).per_second
        pairs.append((server, bare.ask("carry", image=str(image), clients=BUSY, seconds=seconds)["per_second"]))
    return pairs


def take_lone_turns(post: Post, alone: Worker, image: Path, rounds: int) -> Pairs:
    """Return the milliseconds of a request and of the same work without a server, round by round."""
    pairs = []
    for _ in range(rounds):
        time.sleep(PAUSE_SECONDS)
        request = timed(post.ask, LONE_SECONDS)["seconds"]
        time.sleep(PAUSE_SECONDS)
        work = alone.ask("detect", image=str(image), seconds=LONE_SECONDS)["seconds"]
        pairs.append((1000 * request, 1000 * work))
    return pairs


def own_ms(post: Post) -> float:
    """Return the milliseconds of a request that are in none of the stages which its answer tells."""
    began = time.perf_counter()
    stages = post.json()["timings_ms"]
    return 1000 * (time.perf_counter() - began) - sum(stages.values())


def throughput_share(result: dict[str, Any]) -> float:
    """Return the server's images a second by the bare network's, the median of the rounds."""
    return median(server / bare for server, bare in result["throughput_per_s"] if bare)


def added_ms(result: dict[str, Any]) -> float:
    """Return by how much a lone request is longer than its work, the median of the rounds."""
    return median(request - work for request, work in result["lone_ms"])


def describe(result: dict[str, Any]) -> str:
    """Return two lines for a person."""
    loads = ", ".join(f"{load['clients']}: {load['per_second']:.1f}" for load in result["clients"])
    return (
        f"{throughput_share(result):.3f} of OpenVINO's own throughput;"
        f" a lone request is {added_ms(result):.1f} ms longer than its work\n"
        f"annotated images a second by clients: {loads}"
    )


if __name__ == "__main__":
    sys.exit(main())
