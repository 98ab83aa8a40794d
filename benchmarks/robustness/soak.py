"""Sends ten thousand mixed requests, nearly a third of them hostile, and looks whether anything grows.

    python -m benchmarks.robustness.soak [--requests 10000] [--quick]

Photographs in several formats and with all fields; every file of tests/hostile; malformed requests; visitors who leave
in the middle of sending, or of waiting. After each 500 all is quiet for a moment, and the worker is looked at.
"""

import argparse
import random
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from benchmarks.robustness.process import resident_mb
from benchmarks.robustness.rows import Row, finish, save
from harness.gunicorn_server import PROJECT, GunicornServer, running_server
from harness.hostile.corpus import make_corpus
from harness.http_client import encode_form
from harness.life.deployment import wait_until
from harness.pictures import encode

EXAMPLES = PROJECT / "site" / "examples"
CLIENTS = 6
ROUND = 500
CROWD = 40  # more than gunicorn has threads
STEADY = 8  # looks after which no thread is new
HALF_SENT = (
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\n"
    b"Content-Length: 1000\r\n\r\n--x"
)
HOSTILE = 0.3
QUIET_S = 6.0  # the worker gives back holes in its memory every 5 s
MOST_GROWTH_MB = 20
SEED = 1
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
FIELDS: tuple[dict[str, str], ...] = (
    {},
    {"annotate": "false"},
    {"candidates": "true"},
    {"confidence": "0.05", "iou": "0.6", "max_detections": "1000"},
    {"orientation": "6"},
)

Ask = Callable[[GunicornServer], str]  # one request; returns what was wrong with its answer


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the worker holds when nobody asks. `files` are those in its temporary folder."""

    worker: int
    memory_mb: float
    descriptors: int
    threads: int
    files: int


def main() -> None:
    """Measure and save the rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--quick", action="store_true", help="two rounds of 100, to try this program")
    arguments = parser.parse_args()
    requests, size = (200, 100) if arguments.quick else (arguments.requests, ROUND)
    choice = random.Random(SEED)  # noqa: S311, the same requests each time
    good, bad = good_requests(), bad_requests()
    wrong, looks = [], []
    with tempfile.TemporaryDirectory() as temporary, running_server(TMPDIR=temporary) as server:
        crowd(server)
        for done in range(0, requests, size):
            asks = [choice.choice(bad if choice.random() < HOSTILE else good) for _ in range(size)]
            with ThreadPoolExecutor(CLIENTS) as threads:
                wrong += [words for words in threads.map(lambda ask: ask(server), asks) if words]
            looks.append(look(server, Path(temporary)))
            print(f"{done + size:,} of {requests:,}: {looks[-1]}, {len(wrong)} wrong", file=sys.stderr)
    print(*wrong[:10], sep="\n", file=sys.stderr)
    rows = [*growth(looks, size, requests), right_answers(wrong, requests)]
    save("soak", f"python -m benchmarks.robustness.soak --requests {requests}", rows)
    finish(rows)


def growth(looks: Sequence[Holdings], size: int, requests: int) -> list[Row]:
    """Compare what the worker held after the first round with what it held at the end."""
    first, last = looks[0], looks[-1]
    most = max(look.memory_mb for look in looks)
    before, after = ((look.descriptors, look.threads, look.files) for look in (first, last))
    return [
        Row(
            measure=f"memory of the worker after {requests:,} mixed requests",
            target=f"at most {MOST_GROWTH_MB} MB more than after the first {size}, and the same process",
            measured=f"{last.memory_mb - first.memory_mb:+.1f} MB ({first.memory_mb:.0f} MB after the first {size},"
            f" {last.memory_mb:.0f} MB at the end, {most:.0f} MB at most)",
            met=last.memory_mb - first.memory_mb <= MOST_GROWTH_MB and first.worker == last.worker,
        ),
        Row(
            measure="descriptors, threads and temporary files of the worker",
            target=f"as after the first {size}: {', '.join(map(str, before))}",
            measured=", ".join(map(str, after)),
            met=all(later <= earlier for earlier, later in zip(before, after, strict=True)),
        ),
    ]


def right_answers(wrong: Sequence[str], requests: int) -> Row:
    """Say how many requests had another answer than they should."""
    return Row(
        measure=f"answers to {requests:,} mixed requests with another status than they should have",
        target="0",
        measured=f"{len(wrong)}",
        met=not wrong,
    )


def crowd(server: GunicornServer) -> None:
    """Hold half-sent uploads from many sides, so that gunicorn makes all the threads that it will ever have."""
    with ExitStack() as visitors:
        for _ in range(CROWD):
            visitors.enter_context(socket.create_connection(("127.0.0.1", server.port))).sendall(HALF_SENT)
        counts = [0]
        while len(set(counts[-STEADY:])) > 1 or len(counts) < STEADY:
            time.sleep(QUIET_S / STEADY)
            counts.append(threads_of(server))


def threads_of(server: GunicornServer) -> int:
    """Count the worker's threads."""
    (pid,) = server.worker_pids
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def look(server: GunicornServer, temporary: Path) -> Holdings:
    """Wait until nothing runs, and see what the worker holds."""
    wait_until(lambda: server.client.get("/status_check").json["queue"]["running"] == 0)
    time.sleep(QUIET_S)
    wait_until(lambda: open_sockets(server) <= 1)  # connections that visitors left are noticed a little later
    (pid,) = server.worker_pids
    process = Path(f"/proc/{pid}")
    return Holdings(
        worker=pid,
        memory_mb=resident_mb(pid),
        descriptors=len(list((process / "fd").iterdir())),
        threads=threads_of(server),
        files=len(list(temporary.iterdir())),
    )


def open_sockets(server: GunicornServer) -> int:
    """Count the worker's sockets: with nobody there it is the one that listens."""
    (pid,) = server.worker_pids
    targets = []
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            targets.append(str(descriptor.readlink()))
        except OSError:
            continue  # it has just been closed
    return sum(target.startswith("socket:") for target in targets)


def good_requests() -> list[Ask]:
    """Return photographs in several formats, with all fields."""
    asks = []
    for path in sorted(EXAMPLES.glob("*.jpg")):
        with Image.open(path) as photograph:
            smaller = photograph.convert("RGB")
        smaller.thumbnail((640, 640))
        files = [path.read_bytes(), *(encode(smaller, kind) for kind in FORMATS)]
        asks += [post(file, 200, fields) for file in files for fields in FIELDS]
    return asks


def bad_requests() -> list[Ask]:
    """Return every hostile file, malformed requests, and visitors who leave."""
    whole = (EXAMPLES / "dog.jpg").read_bytes()
    hostile = [post(case.make(), case.status, {"annotate": "false"}) for case in make_corpus()]
    malformed = [
        post(whole, 400, {"orientation": "9"}),
        post(whole, 400, {"display_width": "nan"}),
        post(whole, 413, {"note": "x" * 400_000}),
        post(None, 400, {}),
        raw(b"GET / HTTP/9.9\r\n\r\n"),
        raw(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc"),
        raw(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
    ]
    leaving = [leave(whole, share) for share in (0.1, 0.9, 1.0)]
    return [*hostile, *20 * malformed, *20 * leaving]


def post(file: bytes | None, status: int, fields: dict[str, str]) -> Ask:
    """Return a request and the status that it should get."""

    def ask(server: GunicornServer) -> str:
        try:
            answer = server.client.detect(file, **fields)
        except OSError as error:
            return f"{type(error).__name__} in place of {status} for {len(file or b''):,} bytes"
        return "" if answer.status == status else f"{answer.status} in place of {status}: {answer.body[:200]!r}"

    return ask


def raw(data: bytes) -> Ask:
    """Return a request that is not HTTP; whatever the answer, the connection ends."""

    def ask(server: GunicornServer) -> str:
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            answer = connection.recv(12)
        return "" if answer[9:10] in (b"", b"4", b"5") else f"{answer!r} for what is no HTTP"

    return ask


def leave(file: bytes, share: float) -> Ask:
    """Return a visitor who is gone after a share of the request."""
    body, headers = encode_form(file)
    lines = ["POST / HTTP/1.1", "Host: here", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {text}" for name, text in headers.items()]
    request = "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    def ask(server: GunicornServer) -> str:
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
            connection.sendall(request[: int(len(request) * share)])
        return ""

    return ask


if __name__ == "__main__":
    main()
