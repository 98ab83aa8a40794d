"""benchmarks/report.py: from the files of a run to the tables; and which targets they meet."""

import json
from pathlib import Path

import pytest

from benchmarks.contestants import CONTESTANTS, ENTRIES
from benchmarks.csv_files import write_csv
from benchmarks.figures import read_turns
from benchmarks.report import TEMPLATE, write_report
from benchmarks.tables import ap_of
from benchmarks.targets import MODELS, PHOTOGRAPHS, targets_table

SECONDS = {"Pagesight bf16": 0.040, "Pagesight int8": 0.020, "OpenVINO bf16 square": 0.050, "OpenVINO bf16 grid": 0.040,
           "OpenVINO int8 square": 0.030, "OpenVINO int8 grid": 0.020}  # fmt: skip
LOAD = {"clients": 8, "requests": 90, "per_second": 9.0, "p50": 100.0, "p99": 120.0, "refused": 0}
WORKER = {"first_start_s": 12.0, "start_s": 1.2, "master_mb": 30, "ready_mb": 250, "one_mb": 260, "two_mb": 270,
          "peak_mb": 300}  # fmt: skip
COST = [{"contestant": name, "size": size, "seconds": 0.1} for name in ("Pagesight bf16", "Pagesight int8")
        for size in (1, 2)]  # fmt: skip


def write_results(folder: Path, changes: dict[str, float]) -> None:
    """Write the files of a run. `changes`: seconds of contestants."""
    seconds = {**dict.fromkeys(ENTRIES, 0.1), **SECONDS, **changes}
    for model in MODELS:
        turns = [
            {"task": task, "contestant": entry.name, "round": number, "seconds": seconds[entry.name], "waited": 0,
             "undisturbed": number != 3}
            for task in ("network", *PHOTOGRAPHS) for entry in CONTESTANTS for number in range(4)
            if number % entry.every == 0
        ]  # fmt: skip
        write_csv(folder / f"turns-{model}.csv", turns)
        write_csv(folder / f"resources-{model}.csv",
                  [{"contestant": "Pagesight bf16", "start_s": 1, "now_mb": 200, "peak_mb": 210}])  # fmt: skip
        for kind in ("image", "input"):
            write_csv(folder / f"{kind}-size-{model}.csv", COST)
        rows = [{"precision": "bf16", **WORKER}, {"precision": "int8", **WORKER, "first_start_s": "nan"}]
        write_csv(folder / f"worker-{model}.csv", rows)
        found = {"model": model, "precision": "bf16", "clients": [LOAD], "throughput_per_s": [(9.6, 10)] * 3,
                 "lone_ms": [(45, 40)] * 3, "outside_of_work_ms": 4}  # fmt: skip
        (folder / f"server-{model}-bf16.json").write_text(json.dumps(found))
        write_csv(folder / f"others-{model}.csv", [{"server": "another", "lone_ms": 60, "lone_ratio": 1.5,
                                                    "per_second": 5, "resident_mb": 900, "start_s": 9}])  # fmt: skip
    accuracies = {"Pagesight bf16": 0.218, "Pagesight fp32": 0.217, "Pagesight int8": 0.2175, "OpenVINO int8": 0.206}
    rows = [{"contestant": name, "AP": ap, "AP50": 2 * ap, "photographs": 82} for name, ap in accuracies.items()]
    write_csv(folder / "accuracy-yolov3-tiny.csv", rows)
    (folder / "machine.json").write_text(json.dumps({"machine": "2 cores", "python": "3.11", "versions": {"a": "1"}}))


def targets_of(folder: Path, changes: dict[str, float] | None = None) -> dict[str, tuple[str, ...]]:
    write_results(folder, changes or {})
    tasks = {model: read_turns(folder / f"turns-{model}.csv")[0] for model in MODELS}
    lines = targets_table(folder, tasks).splitlines()[2:]
    rows = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]
    return {row[0]: row[1:] for row in rows}


def test_every_place_of_the_report_is_filled(tmp_path: Path):
    write_results(tmp_path, {})
    write_report(tmp_path)
    text = (tmp_path / "benchmarks.md").read_text()
    assert "{{" in TEMPLATE.read_text()
    assert "{{" not in text
    assert "| another | yolov3 |" in text
    assert "| Pagesight int8 | 20.0 (0.50) |" in text
    assert text.count("## ") == TEMPLATE.read_text().count("## ")


def test_report_of_an_empty_folder_has_no_figures(tmp_path: Path):
    write_report(tmp_path)
    assert "{{" not in (tmp_path / "benchmarks.md").read_text()


def test_targets_are_met_by_times_that_keep_the_bounds(tmp_path: Path):
    rows = targets_of(tmp_path)
    assert {met for *_, met in rows.values()} == {"yes"}
    photographs = rows["yolov3, 4:3, 16:9, 9:16 photographs: ours bf16 / OpenVINO bf16 square"]
    assert photographs == ("<= 0.95", "0.800, 0.800, 0.800", "yes")
    assert rows["yolov3-tiny bf16, first start to ready, with the conversion, s"] == ("<= 20.0", "12.0", "yes")
    assert not any("int8, first start" in what for what in rows)


@pytest.mark.parametrize(("seconds", "missed"), [(0.049, {"square", "grid"}), (0.043, {"grid"})])
def test_target_is_missed_by_a_slower_contestant(tmp_path: Path, seconds: float, missed: set[str]):
    rows = targets_of(tmp_path, {"Pagesight bf16": seconds})
    ours = {what: met for what, (*_, met) in rows.items() if what.startswith("yolov3,") and "ours bf16" in what}
    assert {what.rpartition(" ")[2] for what, met in ours.items() if met == "**no**"} == missed


def test_contestant_that_was_left_out_has_no_target(tmp_path: Path):
    write_results(tmp_path, {})
    for model in MODELS:
        path = tmp_path / f"turns-{model}.csv"
        lines = path.read_text().splitlines(keepends=True)
        path.write_text("".join(line for line in lines if "Pagesight int8" not in line))
    tasks = {model: read_turns(tmp_path / f"turns-{model}.csv")[0] for model in MODELS}
    assert "ours int8" not in targets_table(tmp_path, tasks)


def test_disturbed_turns_do_not_count(tmp_path: Path):
    write_results(tmp_path, {})
    tasks, counts = read_turns(tmp_path / "turns-yolov3.csv")
    good, every = counts["network"]
    assert 0 < good < every
    assert sorted(tasks["network"]["Pagesight bf16"]) == [0, 1, 2]


def test_ap_is_that_of_the_graph_whatever_runs_it():
    accuracies = {"Pagesight int8": 0.2, "OpenVINO int8": 0.1}
    names = ("Pagesight int8", "OpenVINO int8 grid", "OpenVINO int8 grid, Pagesight's graph", "ncnn fp32")
    assert [ap_of(name, accuracies) for name in names] == ["0.2000", "0.1000", "0.2000", ""]
