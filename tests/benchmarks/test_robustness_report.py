"""benchmarks/robustness: what is kept of a program's rows, and the tables that are made of them."""

import json
from pathlib import Path

import pytest

from benchmarks.robustness import rows
from benchmarks.robustness.report import make_models_table, make_table, put
from benchmarks.robustness.rows import Row, save

MET, MISSED = Row("answers | all", "all", "12", met=True), Row("slowest", "1 s", "2 s", met=False)


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(rows, "RESULTS", tmp_path)
    return tmp_path


def test_model_is_told_once(results: Path):
    save("corpus", "python corpus", [MET], model="faces")
    save("overload-faces", "python overload --model faces", [MET], model="faces", says_model=True)
    save("marks", "python marks", [MET], model="")
    kept = {path.stem: json.loads(path.read_text()) for path in results.glob("*.json")}
    assert set(kept) == {"corpus-faces", "overload-faces", "marks"}
    assert kept["corpus-faces"]["command"] == "SOAK_MODEL=faces python corpus"
    assert kept["corpus-faces"]["rows"][0]["measure"] == "faces: answers | all"
    assert kept["overload-faces"]["rows"][0]["measure"] == "answers | all"


def test_usual_models_have_the_first_table_and_others_the_second(results: Path):
    assert make_table(results) == make_models_table(results) == ""
    save("corpus", "python corpus", [MET], model="yolov3-tiny")
    save("corpus", "python corpus", [MET, MISSED], model="faces")
    save("canary", "python canary", [MET], model="deeplabv3")
    assert make_table(results).splitlines()[2:] == [r"| answers \| all | all | 12 | yes | `python corpus` |"]
    assert make_models_table(results).splitlines() == [
        "| rows met | deeplabv3 | faces |",
        "| --- | --- | --- |",
        "| canary | 1 of 1 |  |",
        "| corpus |  | 1 of 2 |",
        "",
        "Not met:",
        "",
        "- faces: slowest: 2 s, the target is 1 s (`SOAK_MODEL=faces python corpus`)",
    ]


def test_programs_that_did_not_run_keep_their_rows(results: Path):
    command = "python -m benchmarks.robustness."
    for program in ("soak", "canary"):
        save(program, f"{command}{program}", [MET, MISSED], model="")
    before = put("<!-- table: begin -->\n<!-- table: end -->", "table", make_table(results))
    (results / "canary.json").unlink()
    save("soak", f"{command}soak --quick", [MET], model="")
    assert make_table(results, before).splitlines()[2:] == [
        rf"| answers \| all | all | 12 | yes | `{command}canary` |",
        f"| slowest | 1 s | 2 s | **no** | `{command}canary` |",
        rf"| answers \| all | all | 12 | yes | `{command}soak --quick` |",
    ]


def test_table_goes_between_its_marks():
    text = "a\n<!-- models: begin -->\nold\n<!-- models: end -->\nb\n"
    assert put(text, "models", "new") == text.replace("old", "new")
    assert put(text, "table", "new") == text
