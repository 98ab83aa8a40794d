"""benchmarks/robustness/many_models.py: which row says that a promise was not kept."""

import pytest

from benchmarks.robustness.many_models import ALL, MODELS, start_rows, starved_row, turn_rows

TASKS = {name: (name, task) for name, task in MODELS.items()}
RATES = {**dict.fromkeys(MODELS, 20.0), ALL: 19.0}


def test_all_targets_are_met():
    assert all(row.met for row in start_rows([90.0, 19.0], 1100))
    assert all(row.met for row in turn_rows(TASKS, [RATES]))
    assert starved_row(dict.fromkeys(MODELS, 10)).met


@pytest.mark.parametrize(
    ("starts_s", "memory_mb", "met"), [([90, 21], 1100, [True, False, True]), ([5, 5], 1300, [True, True, False])]
)
def test_slow_start_and_much_memory_are_told(starts_s: list[float], memory_mb: float, met: list[bool]):
    assert [row.met for row in start_rows(starts_s, memory_mb)] == met


def test_answers_of_another_model_and_slow_turns_are_told():
    others = {**TASKS, "faces": ("faces", "classification")}
    assert [row.met for row in turn_rows(others, [{**RATES, ALL: 17.0}])] == [False, False]


def test_model_that_is_starved_is_told():
    counts = dict.fromkeys(MODELS, 100)
    row = starved_row({**counts, "faces": 40})
    assert not row.met
    assert row.measured.startswith("45% (yolov3-tiny 100, yolox-nano 100, faces 40,")
    del counts["faces"]
    assert starved_row(counts).measured.startswith("0% ")
    assert not starved_row({}).met
