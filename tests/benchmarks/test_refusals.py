"""benchmarks/robustness/refusals.py: which row says that a refusal cost too much, and that a request is still one."""

from dataclasses import replace

import pytest

from benchmarks.robustness.refusals import Cost, make_rows, with_header

WELL = Cost(times=1_000, cpu_ms=0.6, growth_mb=0.1, inferences=0, wrong=0)


def test_all_targets_are_met_by_refusals_that_cost_little():
    assert all(row.met for row in make_rows("wrong keys", [WELL, WELL]))


@pytest.mark.parametrize(
    ("change", "missed"),
    [
        ({"wrong": 1}, "without an inference"),
        ({"inferences": 1}, "without an inference"),
        ({"cpu_ms": 1.1}, "CPU of the worker for each"),
        ({"growth_mb": 4.0}, "growth of its memory"),
    ],
)
def test_row_says_what_was_missed(change: dict[str, float], missed: str):
    rows = make_rows("wrong keys", [WELL, replace(WELL, **change)])
    (row,) = (row for row in rows if not row.met)
    assert missed in row.measure


def test_header_goes_behind_the_first_line():
    request = b"POST / HTTP/1.1\r\nHost: localhost\r\n\r\nbody"
    assert with_header(request, "X: y") == b"POST / HTTP/1.1\r\nX: y\r\nHost: localhost\r\n\r\nbody"
