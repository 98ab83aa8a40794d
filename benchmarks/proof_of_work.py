"""How long a proof of work takes: by Python's ALTCHA on one core, and by the page in Chromium.

    python -m benchmarks.proof_of_work [--proofs 20]

Python's are seconds of a processor, whatever else that does: what a proof costs somebody who makes many. Chromium sends
a photograph again and again to a server of which nothing is free, and what counts is the time from the answer that asks
for the proof to the request that brings it.
"""

import argparse
import os
import time
from collections.abc import Iterator, Sequence
from statistics import median

import altcha
from playwright.sync_api import Browser

from api.settings import Settings
from api.web.proof_of_work import ProofOfWork
from benchmarks.tables import table
from harness.gunicorn_server import PROJECT, running_server
from tests.e2e.chromium import running_chromium

PROOFS = 20
WAIT_MS = 60_000
DOG = PROJECT / "site" / "examples" / "dog.jpg"
KEY = "k" * 32
TOO_OFTEN = 429
HEADER = "x-altcha"


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--proofs", type=int, default=PROOFS)
    proofs = parser.parse_args().proofs
    with running_server(PAGESIGHT_CHALLENGE="0") as server, running_chromium() as browser:
        rows = [
            ("Python: of one processor", *facts_of(list(times_of_python(proofs)))),
            (
                f"Chromium {browser.version}, {os.cpu_count()} cores",
                *facts_of(times_of_page(browser, server.url, proofs)),
            ),
        ]
    print(table(("what computes", "mean: s", "median: s", "slowest: s"), rows))


def facts_of(times_s: Sequence[float]) -> tuple[str, str, str]:
    """Return the mean, the median and the most."""
    return f"{sum(times_s) / len(times_s):.2f}", f"{median(times_s):.2f}", f"{max(times_s):.2f}"


def times_of_python(proofs: int) -> Iterator[float]:
    """Give the seconds of a processor that each of so many proofs takes."""
    maker = ProofOfWork(KEY, seconds=Settings().challenge_seconds)
    for _ in range(proofs):
        challenge = altcha.Challenge.from_dict(maker.make_challenge())
        began = time.process_time()
        altcha.solve_challenge(challenge)
        yield time.process_time() - began


def times_of_page(browser: Browser, url: str, proofs: int) -> list[float]:
    """Return the seconds that the page takes for each of so many proofs."""
    page = browser.new_page(service_workers="block")
    asked: list[float] = []
    brought: list[float] = []
    page.on("response", lambda answer: asked.append(time.perf_counter()) if answer.status == TOO_OFTEN else None)
    page.on("request", lambda request: brought.append(time.perf_counter()) if HEADER in request.headers else None)
    page.goto(url)
    for _ in range(proofs):
        page.set_input_files("#file-input", DOG)
        page.wait_for_selector("#frame[data-state=result]", timeout=WAIT_MS)
        page.click("#reset")
    return [end - begin for begin, end in zip(asked, brought, strict=True)]


if __name__ == "__main__":
    main()
