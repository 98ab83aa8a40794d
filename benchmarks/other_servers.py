"""`python -m benchmarks.other_servers FOLDER MODEL ENVIRONMENTS`: other programs' whole servers beside ours, in turns.

FOLDER is what `benchmarks.model_files` wrote, ENVIRONMENTS what `scripts/setup_other_servers.sh` made. All servers run
all the time, and each is asked in its turn, over HTTP: one request after the other, then by 8 clients.
"""

import argparse
import socket
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.csv_files import write_csv
from benchmarks.load import Post, measure
from benchmarks.memory import NOW, megabytes
from benchmarks.model_files import BenchmarkFiles
from benchmarks.others.programs import Program, installed, start
from benchmarks.photographs import write_photographs
from benchmarks.serve_load import BUSY, LONE_SECONDS
from benchmarks.servers import serving
from benchmarks.turns import PAUSE_SECONDS
from benchmarks.worker import timed

START_LIMIT_S = 300
POLL_S = 0.05


@dataclass(frozen=True)
class Running:
    """A server that has answered once. `pids`: its processes; `start_s` until then, with the model loaded."""

    name: str
    post: Post
    pids: tuple[int, ...]
    start_s: float


@dataclass(frozen=True)
class Answered:
    """What a server did: medians of the rounds. `lone_ratio`: its lone request by our first one's."""

    server: str
    lone_ms: float
    lone_ratio: float
    per_second: float
    resident_mb: float
    start_s: float


def main() -> int:
    """Measure, print, write `others-MODEL.csv`; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("model")
    parser.add_argument("environments", type=Path)
    parser.add_argument("--precision", default="bf16", help="of our own")
    parser.add_argument("--seconds", type=float, default=8.0, help="of 8 clients, for each turn")
    parser.add_argument(
        "--rounds", type=int, default=2, help="of 8 clients; of a lone one there are three times as many"
    )
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    arguments = parser.parse_args()
    files = BenchmarkFiles(arguments.model, arguments.folder.resolve())
    jpeg = write_photographs(files.folder)["4:3"].read_bytes()
    with ExitStack() as stack:
        servers = list(stack.enter_context(ours(files, arguments.precision, jpeg)))
        for program in installed(files, arguments.environments.resolve()):
            try:
                servers.append(stack.enter_context(running(program, jpeg)))
            except TimeoutError as error:
                sys.stderr.write(f"left out: {error}\n")
        rows = take_turns(servers, arguments.rounds, arguments.seconds)
    for row in rows:
        print(row)
    arguments.out.mkdir(parents=True, exist_ok=True)
    write_csv(arguments.out / f"others-{arguments.model}.csv", map(asdict, rows))
    return 0


@contextmanager
def ours(files: BenchmarkFiles, precision: str, jpeg: bytes) -> Iterator[list[Running]]:
    """Give our server twice, asked with and without the picture."""
    began = time.perf_counter()
    with serving(files, precision) as server:
        posts = {
            "with the picture": Post.form(server.port, jpeg),
            "without": Post.form(server.port, jpeg, annotate="false"),
        }
        pids = (server.pid, *server.worker_pids)
        found = []
        for how, post in posts.items():
            if not post.is_answered():
                raise RuntimeError(f"a request failed:\n{server.log()}")
            found.append(Running(f"Pagesight {precision}, {how}", post, pids, time.perf_counter() - began))
        yield found


@contextmanager
def running(program: Program, jpeg: bytes) -> Iterator[Running]:
    """Give another program's server that has answered once. Raises TimeoutError."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    post, began = program.make_post(port, jpeg), time.perf_counter()
    process = start(program, port)
    try:
        wait_for_answer(program, post, began + START_LIMIT_S)
        yield Running(program.name, post, (process.pid,), time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait(30)


def wait_for_answer(program: Program, post: Post, deadline: float) -> None:
    """Ask until the server answers. Raises TimeoutError."""
    said = "nothing"
    while time.perf_counter() < deadline:
        try:
            if post.is_answered():
                return
            said = post.ask()[1].decode(errors="replace")[-300:]
        except OSError:
            pass  # it does not listen yet
        time.sleep(POLL_S)
    raise TimeoutError(f"{program.name} did not answer; it said {said} (more in {program.folder / 'server.log'})")


def take_turns(servers: list[Running], rounds: int, seconds: float) -> list[Answered]:
    """Ask all servers in turns; return a row for each."""
    lone: dict[str, list[float]] = {server.name: [] for server in servers}
    busy: dict[str, list[float]] = {server.name: [] for server in servers}
    for _ in range(3 * rounds):
        for server in servers:
            time.sleep(PAUSE_SECONDS)
            lone[server.name].append(1000 * timed(server.post.ask, LONE_SECONDS)["seconds"])
    for _ in range(rounds):
        for server in servers:
            busy[server.name].append(measure(BUSY, seconds, server.post.is_answered).per_second)
    against = lone[servers[0].name]
    return [
        Answered(
            server.name,
            statistics.median(lone[server.name]),
            statistics.median(time / other for time, other in zip(lone[server.name], against, strict=True)),
            statistics.median(busy[server.name]),
            sum(megabytes(NOW, pid) for pid in server.pids),
            server.start_s,
        )
        for server in servers
    ]


if __name__ == "__main__":
    sys.exit(main())
