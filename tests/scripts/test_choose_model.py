"""scripts/choose_model.sh: which model is served, and what is said about it."""

from pathlib import Path
from typing import Any

import pytest

from api.models.formats import FORMATS
from tests.scripts.conftest import RunScript
from tests.scripts.mirror import CONTENT, Mirror, catalogue_text, closed_url, silent_host, silent_url, weights_file


class Choice:
    """A weights folder, and a catalogue with three models and their sources (URLs with a space between them)."""

    def __init__(self, folder: Path, run_script: RunScript) -> None:
        self.directory = folder / "weights"
        self.directory.mkdir()
        self.catalogue = folder / "catalogue.toml"
        self.run_script = run_script

    def have(self, *names: str, content: bytes = CONTENT) -> None:
        for name in names:
            (self.directory / name).write_bytes(content)

    def run(self, *, yolov3: str = "", tiny: str = "", faces: str = "", model: str = "") -> tuple[int, str, str]:
        """Return the exit status, stdout and the last line of stderr; nobody answers without an address."""
        files = {
            "yolov3": weights_file("yolov3.weights", *(yolov3 or closed_url()).split()),
            "yolov3-tiny": weights_file("yolov3-tiny.weights", *(tiny or closed_url()).split()),
            "faces": weights_file("faces.onnx", faces or closed_url()),
        }
        models: dict[str, dict[str, Any]] = {name: {"files": [file]} for name, file in files.items()}
        models["yolov3-tiny"]["needs"] = ["yolov3-tiny.cfg", "coco.names"]
        models["faces"]["beside"] = {"faces.toml": 'licence = "MIT"\n'}
        self.catalogue.write_text(catalogue_text(models))
        places = {"PAGESIGHT_WEIGHTS_DIR": str(self.directory), "PAGESIGHT_CATALOGUE": str(self.catalogue)}
        done = self.run_script("choose_model.sh", MODEL=model, **places)
        return done.returncode, done.stdout, done.stderr.splitlines()[-1]


@pytest.fixture
def choice(tmp_path: Path, run_script: RunScript) -> Choice:
    return Choice(tmp_path, run_script)


def test_takes_yolov3_that_is_there_without_asking_anybody(choice: Choice, mirror: Mirror) -> None:
    choice.have("yolov3.weights")

    status, stdout, said = choice.run(yolov3=mirror.url("good"), tiny=mirror.url("good"))

    assert (status, stdout) == (0, "yolov3\n")
    assert said == "Serving yolov3: it is the more accurate one."
    assert mirror.requests == []


@pytest.mark.parametrize("tiny_is_there", [False, True])
def test_downloads_yolov3_when_it_can_be_had(choice: Choice, mirror: Mirror, tiny_is_there: bool) -> None:
    if tiny_is_there:
        choice.have("yolov3-tiny.weights")

    assert choice.run(yolov3=mirror.url("good"), tiny=closed_url())[:2] == (0, "yolov3\n")
    assert (choice.directory / "yolov3.weights").read_bytes() == CONTENT


def test_falls_back_to_a_downloaded_tiny(choice: Choice, mirror: Mirror) -> None:
    status, stdout, said = choice.run(yolov3=closed_url(), tiny=mirror.url("good"))

    assert (status, stdout) == (0, "yolov3-tiny\n")
    assert said == "Serving yolov3-tiny: yolov3.weights could not be had."


def test_asks_a_silent_internet_once_when_tiny_is_there(choice: Choice) -> None:
    choice.have("yolov3-tiny.weights")

    with silent_host() as host:
        status, stdout, _ = choice.run(yolov3=f"{host.url} {host.url}", tiny=host.url)

        assert (status, stdout) == (0, "yolov3-tiny\n")
        assert host.count_connections() == 1


def test_passes_over_a_silent_source_when_there_is_nothing_else_to_serve(choice: Choice, mirror: Mirror) -> None:
    with silent_url() as silent:
        assert choice.run(yolov3=f"{silent} {mirror.url('good')}", tiny=closed_url())[:2] == (0, "yolov3\n")


def test_says_what_to_do_when_there_are_no_weights(choice: Choice) -> None:
    status, stdout, said = choice.run(yolov3=closed_url(), tiny=closed_url())

    assert (status, stdout) == (1, "")
    assert said.startswith("There are no weights to serve: connect to the internet once, or put a model into ")


def test_brings_the_cfg_and_the_names_into_a_folder_of_ones_own(choice: Choice, mirror: Mirror) -> None:
    choice.run(yolov3=closed_url(), tiny=mirror.url("good"))

    assert {"yolov3-tiny.cfg", "coco.names"} <= {path.name for path in choice.directory.iterdir()}


def test_model_named_by_the_user_is_downloaded(choice: Choice, mirror: Mirror) -> None:
    choice.have("yolov3.weights")

    status, stdout, said = choice.run(yolov3=closed_url(), tiny=mirror.url("good"), model="yolov3-tiny")

    assert (status, stdout) == (0, "yolov3-tiny\n")
    assert said == "Serving yolov3-tiny: MODEL asks for it."


def test_model_named_by_the_user_is_never_replaced_by_another(choice: Choice) -> None:
    choice.have("yolov3-tiny.weights")

    status, stdout, said = choice.run(model="yolov3")

    assert (status, stdout) == (1, "")
    assert said == "MODEL=yolov3 was asked for, but its weights could not be had."


def test_takes_a_model_of_ones_own(choice: Choice, mirror: Mirror) -> None:
    choice.have("ducks.cfg", "ducks.weights")

    assert choice.run(yolov3=mirror.url("good"), tiny=mirror.url("good"), model="ducks")[:2] == (0, "ducks\n")
    assert mirror.requests == []


@pytest.mark.parametrize(
    "files",
    [
        *([f"ducks{ending}" for ending in known.endings] for known in FORMATS),
        ["ducks.torchvision.toml"],
    ],
    ids=lambda files: files[0],
)
def test_takes_a_model_in_any_format_that_can_be_read(choice: Choice, files: list[str]) -> None:
    choice.have(*files)

    assert choice.run(model="ducks")[:2] == (0, "ducks\n")


@pytest.mark.parametrize("asked", ["best.onnx", "best", " best.onnx "])
def test_takes_the_name_of_a_file_for_that_of_its_model(choice: Choice, asked: str) -> None:
    choice.have("best.onnx", "yolov3-tiny.weights", "yolov3-tiny.cfg")

    assert choice.run(model=f"yolov3-tiny.weights,{asked}")[:2] == (0, "yolov3-tiny,best\n")


def test_fetches_a_model_of_the_catalogue_with_its_description(choice: Choice, mirror: Mirror) -> None:
    assert choice.run(faces=mirror.url("good"), model="faces")[:2] == (0, "faces\n")
    assert {path.name for path in choice.directory.iterdir()} == {"faces.onnx", "faces.toml"}


@pytest.mark.parametrize("files", [["faces.cfg", "faces.weights"], ["faces.onnx"]], ids=["darknet", "onnx"])
def test_never_replaces_the_owners_model_by_one_of_the_catalogue(
    choice: Choice, mirror: Mirror, files: list[str]
) -> None:
    choice.have(*files, content=b"mine")

    assert choice.run(faces=mirror.url("good"), model="faces")[:2] == (0, "faces\n")
    assert [path.read_bytes() for path in choice.directory.iterdir()] == [b"mine"] * len(files)
    assert mirror.requests == []


@pytest.mark.parametrize(
    ("there", "absent"),
    [("ducks.cfg", "ducks.weights"), ("ducks.weights", "ducks.cfg"), ("ducks.xml", "ducks.bin")],
)
def test_says_which_file_of_ones_own_model_is_missing(choice: Choice, there: str, absent: str) -> None:
    choice.have(there)

    status, stdout, said = choice.run(model="ducks")

    assert (status, stdout) == (1, "")
    assert said == f"MODEL=ducks was asked for, but there is no {absent} in {choice.directory}."


def test_refuses_a_path_for_a_model(choice: Choice) -> None:
    status, stdout, said = choice.run(model="../ducks")

    assert (status, stdout) == (1, "")
    assert said == f"MODEL is a name such as yolov3, not a path: put ducks into {choice.directory} and give its name."


def test_takes_several_models(choice: Choice, mirror: Mirror) -> None:
    choice.have("ducks.cfg", "ducks.weights")

    status, stdout, said = choice.run(yolov3=closed_url(), tiny=mirror.url("good"), model="ducks, yolov3-tiny")

    assert (status, stdout) == (0, "ducks,yolov3-tiny\n")
    assert said.endswith("Serving ducks,yolov3-tiny: MODEL asks for it.")


def test_says_which_of_several_models_is_missing(choice: Choice) -> None:
    choice.have("ducks.cfg", "ducks.weights")

    status, stdout, said = choice.run(model="ducks,geese")

    assert (status, stdout) == (1, "")
    assert said == (
        f"MODEL=geese was asked for, but {choice.directory} has none of geese.cfg, geese.onnx, geese.tflite,"
        " geese.torchvision.toml, geese.xml, geese.reader.toml, geese.chain.toml: put one there,"
        " or take a model of `make models`."
    )
