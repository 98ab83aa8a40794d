"""benchmarks/folder_client.py in small: a server that is restarted twice and refuses every tenth image."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.folder_client import Outcome, ask_folder, link_pictures, make_rows
from harness.pictures import encode, make_upright
from harness.small_exports import write_yolox

WELL = Outcome(
    asked=["a", "b"], answered=["a", "b"], lasted_s=9, away_s=2, inferences=2, client_rate=9.6, server_rates=[9.0, 11.0]
)


def test_all_are_answered_once_in_their_order(tmp_path: Path):
    photograph, weights = tmp_path / "photograph.jpg", tmp_path / "weights"
    photograph.write_bytes(encode(make_upright(), "JPEG"))
    weights.mkdir()
    write_yolox(weights, "ants")
    environment = {"PAGESIGHT_MODEL": "ants", "PAGESIGHT_WEIGHTS_DIR": str(weights), "PAGESIGHT_PRECISION": "fp32"}
    environment["PAGESIGHT_CONVERTED_DIR"] = str(weights / "converted")
    link_pictures(tmp_path / "pictures", [photograph], 120)
    outcome = ask_folder(tmp_path, [photograph], turn_s=0.5, **environment)
    assert outcome.answered == [f"{number:05}.jpg" for number in range(120)]
    assert outcome.away_s > 0
    assert outcome.inferences >= 120


@pytest.mark.parametrize(
    ("outcome", "missed"),
    [
        (WELL, []),
        (replace(WELL, answered=["b", "a"]), ["2 pictures, once each, in their order"]),
        (replace(WELL, answered=["a", "b", "b"]), ["2 pictures, once each, in their order"]),
        (replace(WELL, client_rate=9.4), ["share of the throughput"]),
    ],
)
def test_row_says_what_was_missed(outcome: Outcome, missed: list[str]):
    assert [row.measure for row in make_rows(outcome) if not row.met] == missed
