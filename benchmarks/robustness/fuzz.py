"""Sends mutants of good images over HTTP and looks for one that the server does not answer as it should.

    python -m benchmarks.robustness.fuzz [--mutants 100000] [--seed 1] [--quick]
    python -m benchmarks.robustness.fuzz --replay NUMBER [--seed 1]

Whatever a mutant is, its answer is 200, 400, 413, 415 or 422, in JSON that a page of an allowed site can read, and the
worker lives. A mutant that gets another answer is written to benchmarks/results/robustness/mutants.
"""

import argparse
import http.client
import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.robustness.rows import RESULTS, USUAL_MODEL, Row, finish, save
from harness.gunicorn_server import ALLOWED_ORIGIN, MODEL, GunicornServer, running_server
from harness.hostile.mutants import Mutant, make_mutant
from harness.http_client import TIMEOUT_S, encode_form

CONNECTIONS = 3
QUICK_MUTANTS = 500
EXPECTED = (200, 400, 413, 415, 422)
BUSY = 503
TRIES = 50
PAUSE_S = 0.05
ONE_THREAD = {"PAGESIGHT_THREADS": "1"}
SMALL_INPUT = {"PAGESIGHT_INPUT_SIZE": "32"}  # the images are tried, not the network; other models may have one size
FAILED = RESULTS / "mutants"

Report = Callable[[Mutant, int | None, str], None]


def main() -> None:
    """Fuzz, print, save."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mutants", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--replay", type=int, help="only this mutant")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_MUTANTS} mutants")
    options = parser.parse_args()
    mutants = QUICK_MUTANTS if options.quick else options.mutants
    numbers = [options.replay] if options.replay is not None else list(range(mutants))
    tally = Tally(len(numbers))
    with running_server(**ONE_THREAD, **(SMALL_INPUT if MODEL == USUAL_MODEL else {})) as server:
        before = server.worker_pids
        fuzz(server, options.seed, numbers, tally.note)
        lives = server.worker_pids == before
    rows = [
        Row(
            f"{tally.done:,} mutants of good images over HTTP",
            "200, 400, 413, 415 or 422 in readable JSON, and no worker dies",
            f"{len(tally.failures)} other answers, {'no worker died' if lives else 'a worker died'};"
            f" {', '.join(f'{status}: {count:,}' for status, count in sorted(tally.statuses.items()))}",
            not tally.failures and lives,
        )
    ]
    for failure in tally.failures:
        print(failure, file=sys.stderr)
    if options.replay is None:
        save("fuzz", f"python -m benchmarks.robustness.fuzz --mutants {mutants} --seed {options.seed}", rows)
    finish(rows)


class Tally:
    """Counts statuses, keeps what failed, and shows how far it is."""

    def __init__(self, total: int) -> None:
        self.done = 0
        self.statuses: Counter[int] = Counter()
        self.failures: list[str] = []
        self._total = total
        self._began = time.monotonic()
        self._lock = threading.Lock()

    def note(self, mutant: Mutant, status: int | None, complaint: str) -> None:
        """Take in what became of a mutant."""
        with self._lock:
            self.done += 1
            if status is not None:
                self.statuses[status] += 1
            if complaint:
                path = keep(mutant)
                self.failures.append(f"mutant {mutant.number} ({mutant.origin}): {complaint}; kept as {path}")
            if self.done % 500 == 0 or self.done == self._total:
                rate = self.done / (time.monotonic() - self._began)
                left_s = (self._total - self.done) / rate
                print(
                    f"\r{self.done:,} of {self._total:,}, {rate:.0f} a second, {left_s / 60:.1f} min left,"
                    f" {len(self.failures)} failed ",
                    end="" if self.done < self._total else "\n",
                    file=sys.stderr,
                )


def keep(mutant: Mutant) -> Path:
    """Write the mutant to a file, to look at and to send again."""
    FAILED.mkdir(parents=True, exist_ok=True)
    path = FAILED / f"{mutant.number}-{mutant.origin.replace(' ', '-')}"
    path.write_bytes(mutant.data)
    return path


def fuzz(server: GunicornServer, seed: int, numbers: list[int], report: Report) -> None:
    """Send the mutants over several connections that are kept open."""
    shares = [numbers[start::CONNECTIONS] for start in range(CONNECTIONS)]
    with ThreadPoolExecutor(CONNECTIONS) as senders:
        for sender in [senders.submit(_send_all, server.port, seed, share, report) for share in shares]:
            sender.result()


def _send_all(port: int, seed: int, numbers: list[int], report: Report) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    for number in numbers:
        mutant = make_mutant(seed, number)
        try:
            status, complaint = next(answer for answer in _answers(connection, mutant) if answer[0] != BUSY)
            report(mutant, status, complaint)
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            report(mutant, None, f"no answer: {error!r}")
        except StopIteration:
            report(mutant, BUSY, f"busy {TRIES} times")
    connection.close()


def _answers(connection: http.client.HTTPConnection, mutant: Mutant) -> Iterator[tuple[int, str]]:
    """Give status and complaint of one try after the other."""
    annotate = "true" if mutant.number % 5 == 0 else "false"
    body, headers = encode_form(mutant.data, annotate=annotate)
    for _ in range(TRIES):
        try:
            connection.request("POST", "/", body, {**headers, "Origin": ALLOWED_ORIGIN})
            response = connection.getresponse()
        except (ConnectionError, http.client.RemoteDisconnected):  # kept open too long: a connection of its own tells
            connection.close()
            connection.request("POST", "/", body, {**headers, "Origin": ALLOWED_ORIGIN})
            response = connection.getresponse()
        yield response.status, _complaint(response, response.read())
        time.sleep(PAUSE_S)


def _complaint(response: http.client.HTTPResponse, body: bytes) -> str:
    if response.status not in EXPECTED:
        return f"{response.status} {body[:200]!r}"
    if response.headers["Access-Control-Allow-Origin"] != ALLOWED_ORIGIN:
        return "no page could read the answer"
    try:
        return "" if isinstance(json.loads(body), dict) else "the answer is no object"
    except ValueError:
        return f"the answer is no JSON: {body[:200]!r}"


if __name__ == "__main__":
    main()
