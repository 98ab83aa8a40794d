from pathlib import Path

import pytest

from benchmarks import training_peers
from benchmarks.training_peers import BEGIN, END, Outcome, interval, make_table, write_section

OUTCOMES = [
    Outcome("digits", "pagesight", 0, right=98, of=100, seconds=20, cpu_seconds=30, epochs=9),
    Outcome("digits", "fastai", 0, right=90, of=100, seconds=10, cpu_seconds=45, epochs=5),
]


def test_times_are_told_as_ratios_to_ours():
    *_, ours, fastai = make_table(OUTCOMES).splitlines()
    assert ours.startswith("| digits | `make train` | 98.0 % | 100 |")
    assert ours.endswith("| 9 | 20 | 1.00 | 30 | 1.00 |")
    assert fastai.endswith("| 5 | 10 | 0.50 | 45 | 1.50 |")


def test_interval_is_wilsons():
    """Of 9 in 10: https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Wilson_score_interval."""
    assert interval(0.9, 10) == pytest.approx((0.596, 0.982), abs=1e-3)
    assert interval(1.0, 40)[1] == pytest.approx(1)


def test_only_the_tables_place_in_the_document_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    document = tmp_path / "train.md"
    document.write_text(f"before\n{BEGIN}old\n{END}after\n")
    monkeypatch.setattr(training_peers, "DOCUMENT", document)
    monkeypatch.setattr(training_peers, "PROJECT", tmp_path)
    for section in ("new\n", "newer\n"):
        write_section(section)
        assert document.read_text() == f"before\n{BEGIN}{section}{END}after\n"
