"""weights/catalogue.toml, and what scripts/catalogue.py prints of it."""

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from harness.gunicorn_server import PROJECT
from tests.scripts.conftest import RunScript

WEIGHTS = PROJECT / "weights"
CATALOGUE: dict[str, dict[str, Any]] = tomllib.loads((WEIGHTS / "catalogue.toml").read_text())
TESTS_ONLY: dict[str, dict[str, Any]] = tomllib.loads((PROJECT / "tests" / "models.toml").read_text())
SHA256 = r"[0-9a-f]{64}"
MODELS = pytest.mark.parametrize("model", [*CATALOGUE.values(), *TESTS_ONLY.values()], ids=[*CATALOGUE, *TESTS_ONLY])


@MODELS
def test_says_of_each_model_what_it_is_and_whose(model: dict[str, Any]) -> None:
    assert set(model) <= {"task", "accuracy", "licence", "page", "needs", "files", "beside"}
    assert model["task"] in {"detection", "classification", "segmentation", "reading"}
    assert model["licence"]
    assert model["page"].startswith("https://")
    assert all((WEIGHTS / name).is_file() for name in model.get("needs", ()))
    assert all(tomllib.loads(text) for text in model.get("beside", {}).values())


@MODELS
def test_believes_each_file_by_its_hash_alone(model: dict[str, Any]) -> None:
    for file in model["files"]:
        assert set(file) <= {"name", "original", "bytes", "sha256", "sha256_prefix", "sources"}
        assert (
            re.fullmatch(SHA256, file["sha256"])
            if "sha256" in file
            else re.fullmatch(r"[0-9a-f]{8}", file["sha256_prefix"])
        )
        assert file["bytes"] > 100_000
        assert file["sources"]
        if digits := re.search(r"-([0-9a-f]{8})\.pth", file.get("original", "")):
            assert (file.get("sha256") or file["sha256_prefix"]).startswith(digits[1])


@MODELS
def test_takes_packages_in_one_version_believed_by_their_hash(model: dict[str, Any]) -> None:
    for source in (source for file in model["files"] for source in file["sources"]):
        if isinstance(source, str):
            assert re.fullmatch(r"https://\S+", source)
            continue
        assert re.fullmatch(r"[\w.-]+==[\d.]+", source["pypi"]) if "pypi" in source else source["bytes"] > 0
        assert re.fullmatch(SHA256, source["sha256"])
        assert not re.search(r"\s", source["member"])
        assert ("converter" in source) == ("member_sha256" in source)
        assert "converter" not in source or (PROJECT / "scripts" / source["converter"]).is_file()


def test_no_licence_that_asks_for_the_source_of_a_service_is_offered() -> None:
    assert not [name for name, model in CATALOGUE.items() if "GPL" in model["licence"]]


@pytest.mark.skipif(not (PROJECT / ".git").exists(), reason="this is no clone")
def test_files_of_the_catalogue_stay_out_of_the_repository() -> None:
    names = [file["name"] for model in CATALOGUE.values() for file in model["files"]]
    names += [name for model in CATALOGUE.values() for name in model.get("beside", ())]
    paths = [f"weights/{name}" for name in names]
    done = subprocess.run(["git", "check-ignore", *paths], cwd=PROJECT, check=False, capture_output=True, text=True)
    assert set(paths) == set(done.stdout.splitlines())


def test_table_fits_a_terminal_and_says_what_is_here(run_script: RunScript, tmp_path: Path) -> None:
    (tmp_path / "faces.onnx").touch()
    lines = run_script("catalogue.py", "table", str(tmp_path)).stdout.splitlines()

    assert max(map(len, lines)) <= 100
    assert [line.split()[0] for line in lines[1 : 1 + len(CATALOGUE)]] == list(CATALOGUE)
    rows = {line.split()[0]: re.split(r"  +", line)[1:] for line in lines if line}
    assert rows["faces"] == ["detection", "0.2", "WIDER AP 88, 87, 75", "MIT", "yes"]
    assert rows["mobilenet_v2"][-1] == "no"


def test_says_when_the_catalogue_cannot_be_read(run_script: RunScript, tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("[")

    done = run_script("download_weights.sh", PAGESIGHT_CATALOGUE=str(tmp_path / "broken.toml"))

    assert done.returncode == 2
    assert done.stderr.startswith("broken.toml cannot be read: ")


def test_git_ignores_what_is_written_beside_and_no_description_of_ones_own() -> None:
    ignored = [line for line in (WEIGHTS / ".gitignore").read_text().splitlines() if line.endswith(".toml")]
    assert ignored == [f"/{name}" for model in CATALOGUE.values() for name in model.get("beside", ())]
