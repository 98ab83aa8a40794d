"""benchmarks/robustness/refusals.py: what it says of a server that refuses, in short."""

from itertools import chain

from benchmarks.robustness.refusals import bare, measure, wrong_keys, wrong_proofs
from harness.gunicorn_server import listen, running_server

REQUESTS = 50
KEY = f"frigate:{'0' * 64}"


def test_refused_photographs_cost_no_inference():
    with listen() as free:
        port = free.getsockname()[1]
    environment = {"PAGESIGHT_API_KEYS": KEY, "PAGESIGHT_CHALLENGE": "0", "PAGESIGHT_METRICS": f"127.0.0.1:{port}"}
    with running_server(**environment) as server:
        rows = list(
            chain(
                measure(server, port, REQUESTS, "with a wrong key", 401, wrong_keys()),
                measure(server, port, REQUESTS, "without a proof", 429, bare()),
                measure(server, port, REQUESTS, "with a wrong proof", 429, wrong_proofs()),
            )
        )
    refused = [row for row in rows if "none looked at" in row.measure]
    assert [row.measured for row in refused] == [f"{REQUESTS}, 0 looked at"] * 3
    assert all(row.met for row in refused)
