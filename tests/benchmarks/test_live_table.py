"""benchmarks/live_table.py: from the files of a run of the live camera to tables."""

import json
from pathlib import Path

from benchmarks.csv_files import write_csv
from benchmarks.live_table import live_table

RATE = {"rate": 8.04, "lowest": 7.5, "highest": 8.5, "delay_ms": 101.6, "cpu_ms": 55.5, "longest_ms": 12.4}


def test_tables_of_a_run_name_each_program_and_its_parts(tmp_path: Path) -> None:
    ours = {"program": "Pagesight", **RATE, "parts": json.dumps({"grab": 3.4, "inference": 40.0, "paint": 2.0})}
    peer = {"program": "a peer", **RATE, "parts": json.dumps({"detect": 90.2, "paint": 1.0})}
    write_csv(tmp_path / "live-camera.csv", [ours, peer])
    write_csv(
        tmp_path / "live-steady.csv",
        [{"seconds": 60, "heap_mb": 2.51, "buffers_mb": 0.1, "resident_mb": 181.6}],
    )
    tables = live_table(tmp_path)
    assert "| Pagesight | 8.0 | 7.5 to 8.5 | 102 | 56 | 12 |" in tables
    assert "| milliseconds of a frame | Pagesight | a peer |" in tables
    assert "| network and boxes | 40 |  |" in tables
    assert "| all of these |  | 90 |" in tables
    assert "| 60 | 2.5 | 0.1 | 182 |" in tables


def test_what_was_not_measured_has_no_table(tmp_path: Path) -> None:
    assert live_table(tmp_path) == ""
