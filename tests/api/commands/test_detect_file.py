"""`make detect`: one photograph, with what the API's form may ask."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from api.commands.detect_file import main


@pytest.fixture(autouse=True)
def small_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGESIGHT_MODELS", "yolov3-tiny")


@pytest.fixture
def photograph(photographs: dict[str, Path], tmp_path: Path) -> Path:
    return Path(shutil.copy(photographs["dog"], tmp_path))


def test_options_are_those_of_the_form(photograph: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(photograph), "blur=cars, dogs", "confidence=0.4"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].endswith("found by yolov3-tiny; the picture is " + str(photograph.with_name("dog-detected.jpg")))
    assert all(float(line.split("%")[0]) >= 40 for line in lines[:-1])
    with Image.open(photograph) as image, Image.open(photograph.with_name("dog-detected.jpg")) as drawn:
        places = np.s_[350:450, 180:280]  # the dog
        changes = [np.median(np.abs(np.diff(np.asarray(one, int)[places], axis=0))) for one in (image, drawn)]
    assert changes[0] >= 2 > changes[1]


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("blur=unicorns", "'unicorns'"),
        ("confidence=much", "confidence must be a number from 0 to 1, not 'much'."),
        ("explain=true", "There is no option 'explain' for this model; there are confidence, "),
    ],
)
def test_what_cannot_be_asked_is_said(
    photograph: Path, capsys: pytest.CaptureFixture[str], option: str, said: str
) -> None:
    assert main([str(photograph), option]) == 1
    assert said in capsys.readouterr().err
    assert not photograph.with_name("dog-detected.jpg").exists()


@pytest.mark.parametrize("arguments", [[], ["photo.jpg", "blur"]])
def test_wrong_arguments_are_shown_the_right_ones(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "PHOTO [OPTION=VALUE ...]" in capsys.readouterr().err
