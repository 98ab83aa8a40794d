"""`make clean-data` says in a sentence why it does not begin."""

from dataclasses import replace
from pathlib import Path

import pytest

from api.commands.clean_data import main
from harness.trained_runs import make_run
from tests.api.cleaning.folders import make_folders


@pytest.fixture(autouse=True)
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "weights"
    folder.mkdir()
    monkeypatch.setenv("PAGESIGHT_WEIGHTS_DIR", str(folder))
    return folder


def fails(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run it; returns the one line that it says."""
    assert main([*arguments, "--no-open"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    return line


def test_no_folder(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    assert "is no folder" in fails(capsys, str(tmp_path / "nowhere"))


def test_a_folder_without_photographs(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    assert "holds no photographs with labels" in fails(capsys, str(tmp_path))


def test_no_training_of_that_name(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    folder = make_folders(tmp_path / "data")
    assert "holds no training" in fails(capsys, str(folder), "mine")


def test_a_training_of_another_folder(capsys: pytest.CaptureFixture[str], tmp_path: Path, weights: Path):
    folder = make_folders(tmp_path / "data")
    replace(make_run(), data=tmp_path / "insects").save(weights / "mine.training")
    assert f"did not learn from {folder}, but from {tmp_path / 'insects'}" in fails(capsys, str(folder), "mine")


def test_boxes_of_a_folder_without_photographs(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    (tmp_path / "instances.json").write_text('{"images": [], "annotations": [], "categories": []}')
    assert "holds no photographs" in fails(capsys, str(tmp_path))
