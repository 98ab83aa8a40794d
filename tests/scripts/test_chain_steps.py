"""What is fetched for a chain: the models of its steps that the catalogue has."""

from pathlib import Path

from tests.scripts.conftest import RunScript
from tests.scripts.mirror import Mirror
from tests.scripts.test_choose_model import Choice

CHAIN = """task = "detection"
[[step]]
run = "faces"
[[step]]
run = "mine"
crop = {}
attach = "mine"
"""


def steps(run_script: RunScript, folder: Path, name: str) -> list[str]:
    return run_script("catalogue.py", "steps", name, str(folder)).stdout.split()


def test_names_each_model_of_a_chain_and_of_chains_in_it_once(run_script: RunScript, tmp_path: Path) -> None:
    (tmp_path / "outer.chain.toml").write_text(CHAIN.replace("mine", "inner"))
    (tmp_path / "inner.chain.toml").write_text(CHAIN.replace('"mine"\ncrop', '"outer"\ncrop'))
    assert steps(run_script, tmp_path, "outer") == ["faces", "inner"]


def test_passes_over_what_is_broken(run_script: RunScript, tmp_path: Path) -> None:
    broken = ["task = ", "step = 1", "[[step]]\nrun = 1", '[[step]]\nrun = "--all"', '[[step]]\nrun = "../faces"']
    for chain in broken:
        (tmp_path / "broken.chain.toml").write_text(chain)
        assert steps(run_script, tmp_path, "broken") == []
    assert steps(run_script, tmp_path, "absent") == []


def test_packs_what_a_chain_needs_and_nothing_else(run_script: RunScript, tmp_path: Path) -> None:
    (tmp_path / "street.chain.toml").write_text(CHAIN)
    (tmp_path / "mine.reader.toml").write_text('detection = "small.onnx"\nlicence = "MIT"\n')
    (tmp_path / "faces.toml").write_text('labels = "../secret"\nsource = "none.txt"\n')
    needed = ["faces.onnx", "small.onnx", "mine-int8.xml", "coco.names"]
    for name in (*needed, "other.onnx", "catalogue.toml"):
        (tmp_path / name).touch()
    packed = run_script("catalogue.py", "pack", "street,absent", str(tmp_path)).stdout.split()
    assert packed == sorted([*needed, "street.chain.toml", "mine.reader.toml", "faces.toml"])


def test_fetches_the_models_of_a_chain(tmp_path: Path, run_script: RunScript, mirror: Mirror) -> None:
    choice = Choice(tmp_path, run_script)
    (choice.directory / "street.chain.toml").write_text(CHAIN)
    assert choice.run(faces=mirror.url("good"), model="street")[:2] == (0, "street\n")
    assert {path.name for path in choice.directory.iterdir()} == {"faces.onnx", "faces.toml", "street.chain.toml"}


def test_says_which_model_of_a_chain_cannot_be_had(tmp_path: Path, run_script: RunScript) -> None:
    choice = Choice(tmp_path, run_script)
    (choice.directory / "street.chain.toml").write_text(CHAIN)
    status, stdout, said = choice.run(model="street")
    assert (status, stdout) == (1, "")
    assert said == "MODEL=faces was asked for, but its weights could not be had."
