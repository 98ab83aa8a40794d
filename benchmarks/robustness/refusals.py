"""Sends photographs that are refused before any work, and looks at what each costs the server: CPU, memory, inferences.

    python -m benchmarks.robustness.refusals [--times 1000] [--quick]

They have a wrong key, no proof of work (five times as many), or one that was made up. Each comes with the photograph,
as an honest client would send it, over a connection that is kept open and then over one of its own. What is counted is
the CPU of gunicorn's worker, which also reads the body that nobody wants, and its memory.
"""

import argparse
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.request import urlopen

import altcha

from api.api_key import ApiKey, hash_key, new_key
from api.web.proof_of_work import ProofOfWork
from benchmarks.robustness.overload import make_request, show
from benchmarks.robustness.process import cpu_s, resident_mb
from benchmarks.robustness.rows import Row, finish, save
from harness.gunicorn_server import GunicornServer, running_server
from harness.nginx_server import free_ports

TIMES = 1_000
QUICK_TIMES = 200
QUICK_PROOF_S = 0.01
WARM_UP = 200
MOST_MS = 1.0  # of CPU, for each
MOST_GROWTH_MB = 3.0
INFERENCES = b'pagesight_stage_duration_seconds_count{model="'
TIMEOUT_S = 30.0
SETTLED_S = 8  # holes in the heap are given back every 5 s
SETTLED_WITHIN_S = 60


@dataclass(frozen=True, slots=True)
class Cost:
    """What `times` refusals have cost the server; `wrong` were answered with another status."""

    times: int
    cpu_ms: float
    growth_mb: float
    inferences: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Measured:
    """A server, and the port of its metrics."""

    server: GunicornServer
    metrics_port: int

    def cost(self, request: bytes, status: int, times: int, *, is_kept_open: bool) -> Cost:
        """Send a request so many times; each ought to be answered with `status`."""
        (worker,) = self.server.worker_pids
        send_all(self.server.port, request, WARM_UP, is_kept_open=is_kept_open)
        before = cpu_s(worker), resident_mb(worker), self.inferences()
        answers = send_all(self.server.port, request, times, is_kept_open=is_kept_open)
        after = cpu_s(worker), resident_mb(worker), self.inferences()
        return Cost(
            times=times,
            cpu_ms=(after[0] - before[0]) / times * 1000,
            growth_mb=after[1] - before[1],
            inferences=after[2] - before[2],
            wrong=sum(answer != status for answer in answers),
        )

    def rows(self, what: str, request: bytes, status: int, times: int) -> list[Row]:
        """Measure both ways of sending a request; return the rows."""
        ways = (True, False)
        return make_rows(what, [self.cost(request, status, times, is_kept_open=is_kept_open) for is_kept_open in ways])

    def inferences(self) -> int:
        """Return how many images a model has looked at."""
        with urlopen(f"http://127.0.0.1:{self.metrics_port}/metrics", timeout=TIMEOUT_S) as answer:
            lines = answer.read().splitlines()
        return sum(
            int(float(line.split()[-1])) for line in lines if line.startswith(INFERENCES) and b"inference" in line
        )


@contextmanager
def measured_server(**environment: str) -> Iterator[Measured]:
    """Give a server that is ready and has given back what it needed for that, with its metrics."""
    (port,) = free_ports(1)
    with running_server(PAGESIGHT_METRICS=f"127.0.0.1:{port}", **environment) as server:
        wait_until_settled(server.worker_pids[0])
        yield Measured(server, port)


def wait_until_settled(worker: int) -> None:
    """Wait until the worker's memory stays as it is: its second compiled network comes while it serves already."""
    seen: list[float] = []
    for _ in range(SETTLED_WITHIN_S):
        seen = [*seen, resident_mb(worker)][-SETTLED_S:]
        if len(seen) == SETTLED_S and max(seen) - min(seen) < 1:
            return
        time.sleep(1)


def main() -> None:
    """Measure, print, save."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=TIMES, help="each request")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_TIMES} times")
    given = parser.parse_args()
    times = QUICK_TIMES if given.quick else given.times
    rows = [*wrong_keys(times), *no_proofs(5 * times), *wrong_proofs(times)]
    save("refusals", f"python -m benchmarks.robustness.refusals --times {times}", rows)
    finish(rows)


def wrong_keys(times: int) -> list[Row]:
    """Send wrong keys, in the header and, as DeepStack's clients do, in the form, which is read for it."""
    key = ApiKey("frigate", hash_key(new_key()))
    request = with_header(make_request(), f"Authorization: Bearer {new_key()}")
    form = make_request(field="image", api_key=new_key()).replace(b"POST / ", b"POST /v1/vision/detection ", 1)
    with measured_server(PAGESIGHT_API_KEYS=str(key)) as measured:
        rows = measured.rows("wrong keys", request, 401, times)
        return [*rows, *measured.rows("wrong keys in DeepStack's form", form, 401, times)]


def no_proofs(times: int) -> list[Row]:
    """Send no proof where each photograph costs one. The server makes a challenge each time."""
    with measured_server(PAGESIGHT_CHALLENGE="0") as measured:
        return measured.rows("requests without proof of work", make_request(), 429, times)


def wrong_proofs(times: int) -> list[Row]:
    """Send a proof that looks like one, for a challenge that the server has not signed."""
    challenge = ProofOfWork(new_key(), seconds=QUICK_PROOF_S).make_challenge()
    asked = altcha.Challenge.from_dict(challenge)
    solution = altcha.solve_challenge(asked)
    if solution is None:
        raise RuntimeError("no proof was found")
    request = with_header(make_request(), f"X-Altcha: {altcha.Payload(asked, solution).to_base64()}")
    with measured_server(PAGESIGHT_CHALLENGE="0") as measured:
        return measured.rows("wrong proofs of work", request, 429, times)


def with_header(request: bytes, line: str) -> bytes:
    """Return a request with one more line in its header."""
    first, _, rest = request.partition(b"\r\n")
    return b"\r\n".join((first, line.encode(), rest))


def send_all(port: int, request: bytes, times: int, *, is_kept_open: bool) -> list[int]:
    """Send a request again and again, each after the answer to the one before; returns the statuses."""
    statuses = []
    connection = None
    for number in range(times):
        connection = connection or socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S)
        connection.sendall(request)
        statuses.append(read_status(connection))
        if not is_kept_open:
            connection.close()
            connection = None
        if number % 100 == 0:
            show(f"{number:,} of {times:,}", end="\r")
    if connection:
        connection.close()
    return statuses


def read_status(connection: socket.socket) -> int:
    """Read a whole answer; returns its status."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += receive(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += receive(connection)
    return int(head.split(b" ", 2)[1])


def receive(connection: socket.socket) -> bytes:
    """Return what has come. Raises EOFError if the server has closed the connection."""
    data = connection.recv(65_536)
    if not data:
        raise EOFError
    return data


def make_rows(what: str, costs: Sequence[Cost]) -> list[Row]:
    """Hold what was measured against what is promised: over one connection, and over a connection each."""
    times = sum(cost.times for cost in costs)
    wrong, inferences = sum(cost.wrong for cost in costs), sum(cost.inferences for cost in costs)
    each_way = "over one connection, and over a connection each"
    return [
        Row(
            f"{times:,} {what}: refused, without an inference",
            "all",
            f"{times - wrong:,} refused, {inferences} inferences",
            wrong == 0 and inferences == 0,
        ),
        Row(
            f"... {what}: CPU of the worker for each, {each_way}",
            f"<= {MOST_MS:g} ms",
            " and ".join(f"{cost.cpu_ms:.2f} ms" for cost in costs),
            all(cost.cpu_ms <= MOST_MS for cost in costs),
        ),
        Row(
            f"... {what}: growth of its memory, {each_way}",
            f"<= {MOST_GROWTH_MB:g} MB",
            " and ".join(f"{cost.growth_mb:.1f} MB" for cost in costs),
            all(cost.growth_mb <= MOST_GROWTH_MB for cost in costs),
        ),
    ]


if __name__ == "__main__":
    main()
