"""Every raw request of harness/raw_http/, directly at gunicorn and through nginx, so many times over.

python -m benchmarks.robustness.raw_http [--times 20] [--quick]
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.robustness.rows import Row, finish, save
from harness.gunicorn_server import GunicornServer, running_server
from harness.nginx_server import NginxServer, running_nginx
from harness.raw_http.cases import CASES, Case, Outcome
from harness.raw_http.exchange import exchange


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of all requests one way."""

    sent: int
    other_outcomes: list[str]
    second_answers: int
    errors_of_other_kinds: int
    server_failures: int


def main() -> None:
    """Measure and save the rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=20, help="each request")
    parser.add_argument("--quick", action="store_true", help="each once, to try this program")
    given = parser.parse_args()
    times = 1 if given.quick else given.times
    with running_server() as server, running_nginx(server.host) as nginx:
        gunicorn_workers, nginx_workers = server.worker_pids, nginx.workers()
        rows = [
            *make_rows("directly", send_all(times, "directly", lambda case: case.direct, server)),
            *make_rows("through nginx", send_all(times, "through nginx", lambda case: case.nginx, nginx)),
        ]
        alive = server.worker_pids == gunicorn_workers and nginx_workers <= nginx.workers()
    rows.append(Row("workers of gunicorn and nginx afterwards", "the same", "the same" if alive else "others", alive))
    save("raw_http", f"python -m benchmarks.robustness.raw_http --times {times}", rows)
    finish(rows)


def send_all(
    times: int, way: str, outcome_of: Callable[[Case], Outcome], server: GunicornServer | NginxServer
) -> Tally:
    """Send every case so many times, each from another address of this machine."""
    other_outcomes, second_answers, other_errors, failures = [], 0, 0, 0
    for turn in range(times):
        for number, case in enumerate(CASES):
            print(f"\r{way}: {turn + 1} of {times}, {number + 1:3d} of {len(CASES)} ", end="", file=sys.stderr)
            outcome = outcome_of(case)
            gunicorn_alone = isinstance(server, GunicornServer)
            answers = exchange(
                server.port,
                case.request,
                source=f"127.0.{1 + turn % 200}.{2 + number % 250}",
                half_close=gunicorn_alone and not outcome.lives,
            )
            real = [answer for answer in answers if not answer.is_probe]
            came = Outcome(real[0].status if real else None, lives=len(real) < len(answers))
            if came != outcome:
                other_outcomes.append(f"{case.name}: {came}")
            second_answers += max(0, len(real) - 1)
            other_errors += sum(answer.status >= 400 and not answer.is_problem for answer in real)
            failures += sum(answer.status >= 500 and answer.status not in (501, 505) for answer in real)
    print(file=sys.stderr)
    return Tally(times * len(CASES), sorted(set(other_outcomes)), second_answers, other_errors, failures)


def make_rows(way: str, tally: Tally) -> list[Row]:
    """Return what a tally comes to."""
    right = f"{tally.sent:,} requests, {len(tally.other_outcomes)} kinds with another outcome"
    others = "; ".join(tally.other_outcomes[:3])
    return [
        Row(
            f"{len(CASES)} raw requests {way}: their one right outcome",
            "all",
            right + (f" ({others})" if others else ""),
            not tally.other_outcomes,
        ),
        Row(f"... {way}: second answers", "0", str(tally.second_answers), tally.second_answers == 0),
        Row(
            f"... {way}: errors that are no problem+json",
            "0",
            str(tally.errors_of_other_kinds),
            tally.errors_of_other_kinds == 0,
        ),
        Row(
            f"... {way}: mistakes answered as failures (5xx)",
            "0",
            str(tally.server_failures),
            not tally.server_failures,
        ),
    ]


if __name__ == "__main__":
    main()
