"""benchmarks/robustness/overload.py: which row says that a promise was not kept."""

from dataclasses import replace

import pytest

from benchmarks.robustness.overload import Outcome, Peak, make_rows
from benchmarks.robustness.rows import Row

PEAKS = [Peak(rate=10.0, service_s=0.2)]
WELL = Outcome(
    accepted=[0.9] * 980, refused=[0.01] * 9_000, status=[0.01] * 400, sent=9_980, served_in_time=950, lasted_s=100.0
)


def rows_of(outcome: Outcome) -> dict[str, Row]:
    return {row.measure.partition(": ")[2]: row for row in make_rows(outcome, PEAKS, "a model")}


def test_all_targets_are_met_by_a_server_that_carries_its_peak():
    assert all(row.met for row in rows_of(WELL).values())
    assert rows_of(WELL)["images a second under overload"].measured == "9.5, 95.0% of the peak"


@pytest.mark.parametrize(
    ("change", "missed"),
    [
        ({"unsent": 200}, "requests that were to arrive, and that the clients could not send"),
        ({"served_in_time": 890}, "images a second under overload"),
        ({"lasted_s": 110.0}, "images a second under overload"),
        ({"accepted": [2.0] * 980}, "99 % of the accepted are answered within"),
        ({"refused": [0.2] * 9_000}, "99 % of the refused are answered within"),
        ({"status": [0.2] * 400}, "99 % of `/status_check` meanwhile within"),
    ],
)
def test_row_says_what_was_missed(change: dict[str, object], missed: str):
    assert [measure for measure, row in rows_of(replace(WELL, **change)).items() if not row.met] == [missed]


def test_rate_of_arrivals_counts_what_was_sent():
    (answered,) = (row for measure, row in rows_of(WELL).items() if measure.endswith("answered"))
    assert answered.measure.startswith("a model: 100 requests a second, 10.0 x")
    assert not rows_of(replace(WELL, wrong=["status 500"]))[answered.measure.partition(": ")[2]].met
