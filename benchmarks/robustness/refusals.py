"""Sends photographs with wrong keys, without a proof of work and with bad proofs, and looks what refusing them costs.

    python -m benchmarks.robustness.refusals [--requests 10000] [--quick]

The processor time is the worker's, from /proc: gunicorn's part of a request is in it, and so is reading what is sent
after the answer. It is least on connections that are kept open, as nginx keeps them.
"""

import argparse
import asyncio
import secrets
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice

import altcha

from api.api_key import ApiKey, hash_key, new_key
from benchmarks.robustness.connections import Connections
from benchmarks.robustness.process import cpu_s, resident_mb
from benchmarks.robustness.rows import Row, finish, save
from harness.gunicorn_server import ALLOWED_ORIGIN, PROJECT, GunicornServer, listen, running_server
from harness.http_client import Client, encode_form

DOG = PROJECT / "site" / "examples" / "dog.jpg"
AT_ONCE = 4
MOST_MS = 1.0
MOST_GROWTH_MB = 2.0
WARM_UP = 0.1  # of the requests, after which memory counts
WORK = "pagesight_stage_duration_seconds_count"


def main() -> None:
    """Measure and save the rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--requests", type=int, default=10_000, help="without proof; a tenth with wrong keys and proofs"
    )
    parser.add_argument("--quick", action="store_true", help="500, to try this program")
    options = parser.parse_args()
    requests = 500 if options.quick else options.requests
    with listen() as free:
        metrics = free.getsockname()[1]
    with running_server(
        PAGESIGHT_API_KEYS=str(ApiKey("frigate", hash_key(new_key()))),
        PAGESIGHT_CHALLENGE="0",
        PAGESIGHT_METRICS=f"127.0.0.1:{metrics}",
    ) as server:
        rows = [
            *measure(server, metrics, requests // 10, "with a wrong key", 401, wrong_keys()),
            *measure(server, metrics, requests, "without a proof of work", 429, bare()),
            *measure(server, metrics, requests // 10, "with a proof that was made up", 429, wrong_proofs()),
        ]
    save("refusals", f"python -m benchmarks.robustness.refusals --requests {requests}", rows)
    finish(rows)


def measure(
    server: GunicornServer, metrics: int, requests: int, what: str, status: int, bodies: Iterator[bytes]
) -> list[Row]:
    """Send so many, and hold what they cost against what is promised."""
    warm_up = int(requests * WARM_UP)
    asyncio.run(send(server, list(islice(bodies, warm_up))))
    (pid,) = server.worker_pids
    before_mb, before_s, done = resident_mb(pid), cpu_s(pid), work_done(metrics)
    began = time.monotonic()
    answers = asyncio.run(send(server, list(islice(bodies, requests))))
    each_ms = 1000 * (cpu_s(pid) - before_s) / requests
    print(f"{requests} {what}: {answers} in {time.monotonic() - began:.1f} s", file=sys.stderr)
    grown_mb, inferred = resident_mb(pid) - before_mb, work_done(metrics) - done
    named = f"{requests:,} photographs {what}"
    return [
        Row(f"{named}: refused, none looked at", "all", f"{answers[status]:,}, {inferred:g} looked at",
            answers == {status: requests} and not inferred),
        Row(f"{named}: processor time for each", f"<= {MOST_MS:g} ms", f"{each_ms:.2f} ms", each_ms <= MOST_MS),
        Row(f"{named}: memory of the worker", f"at most {MOST_GROWTH_MB:g} MB more", f"{grown_mb:+.1f} MB",
            grown_mb <= MOST_GROWTH_MB and server.worker_pids == [pid]),
    ]  # fmt: skip


async def send(server: GunicornServer, requests: list[bytes]) -> Counter[int]:
    """Send them over a few connections that are kept open; return how often each status came."""
    connections, waiting, answers = Connections(server.port, AT_ONCE), iter(requests), Counter[int]()

    async def visitor() -> None:
        for request in waiting:
            status, _ = await connections.ask(request)
            answers[status] += 1

    await asyncio.gather(*(visitor() for _ in range(AT_ONCE)))
    connections.close()
    return answers


def wrong_keys() -> Iterator[bytes]:
    """Give requests with keys that nobody has."""
    while True:
        yield request({"Authorization": f"Bearer {new_key()}"})


def bare() -> Iterator[bytes]:
    """Give a page's request, again and again."""
    one = request({"Origin": ALLOWED_ORIGIN})
    while True:
        yield one


def wrong_proofs() -> Iterator[bytes]:
    """Give a page's requests with proofs whose challenges this server has never signed."""
    challenge = altcha.create_challenge("PBKDF2/SHA-256", 1, counter=0, expires_at=int(time.time()) + 600)
    while True:
        challenge.signature = secrets.token_hex(32)
        solution = altcha.Solution(0, secrets.token_hex(32))
        yield request({"Origin": ALLOWED_ORIGIN, "X-Altcha": altcha.Payload(challenge, solution).to_base64()})


def request(headers: dict[str, str]) -> bytes:
    """Return a whole POST of a photograph."""
    body, form = encode_form(DOG.read_bytes())
    fields = {"Host": "localhost", "Content-Length": str(len(body)), **form, **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"POST / HTTP/1.1\r\n{head}\r\n".encode("ascii") + body


def work_done(port: int) -> float:
    """Return how many stages of work on images there were so far."""
    lines = Client(port).get("/metrics").body.decode().splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(WORK))


if __name__ == "__main__":
    main()
