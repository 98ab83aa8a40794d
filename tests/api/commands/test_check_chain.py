"""`make check-model` of a chain: its picture, what it finds, and what is wrong with it."""

from pathlib import Path

import pytest

from harness.small_chains import write_small_models
from tests.api.commands.test_check_model import DOG, check

CHAIN = 'task = "detection"\n[[step]]\nrun = "colour"\npass = ["{label}"]\nat_least = 0.01\n[[step]]\nrun = "ants"\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    write_small_models(folder)
    return folder


def test_a_chain_is_drawn_and_tried(folder: Path) -> None:
    (folder / "street.chain.toml").write_text(CHAIN.format(label="red"))
    said = check(folder, "street", DOG)
    for line in (
        "ok    the files can be read: street.chain.toml",
        "  format    chain",
        "  labels    2: ant, bee  [those of ants]",
        "│ is there at least 1% of │",
        '   ├── no ──▶ stop: "none of these"',
        "Here it runs as colour: float32 by OpenVINO",
        "The picture is street-check.jpg beside the model's files.",
        "street is ready to serve.",
    ):
        assert line in said
    assert (folder / "street-check.jpg").is_file()


def test_a_gates_no_is_said_in_its_words(folder: Path) -> None:
    (folder / "never.chain.toml").write_text(CHAIN.format(label="red").replace("0.01", "1"))
    assert "colour stops it: colour finds none of these: red." in check(folder, "never", DOG)


def test_a_label_that_a_model_lacks_is_wrong(folder: Path) -> None:
    (folder / "street.chain.toml").write_text(CHAIN.format(label="rod"))
    said = check(folder, "street", status=1)
    assert "WRONG street.chain.toml, step 1: colour has no label 'rod' (the nearest is 'red')" in said
    assert "street cannot serve." in said


def test_a_circle_is_wrong_before_anything_is_loaded(folder: Path) -> None:
    (folder / "one.chain.toml").write_text(CHAIN.format(label="red").replace("ants", "two"))
    (folder / "two.chain.toml").write_text(CHAIN.format(label="red").replace("ants", "one"))
    assert "WRONG two.chain.toml, step 2 runs one, which would never end: one -> two -> one" in check(
        folder, "one", status=1
    )
