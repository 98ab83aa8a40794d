"""The real models of the tests: found by their hash in a folder, and asked for in words if they are not there."""

import pytest

from harness import real_models
from harness.real_models import FOLDER, real_model


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """Let the models' folder be an empty one."""
    monkeypatch.setattr(real_models, "FOLDER", tmp_path)
    real_model.cache_clear()
    yield tmp_path
    real_model.cache_clear()


def test_takes_a_model_from_the_folder_that_is_named(elsewhere, monkeypatch):
    if not (FOLDER / "faces" / "faces.onnx").is_file():
        pytest.skip("the model faces is not here")
    monkeypatch.setenv("PAGESIGHT_MIRROR", str(FOLDER / "faces"))

    folder = real_model("faces")

    assert folder == elsewhere / "faces"
    assert {path.name for path in folder.iterdir()} == {"faces.onnx", "faces.toml"}


def test_renews_a_description_of_former_days(elsewhere, monkeypatch):
    test_takes_a_model_from_the_folder_that_is_named(elsewhere, monkeypatch)
    description = elsewhere / "faces" / "faces.toml"
    today = description.read_text()
    description.write_text("# of former days")
    real_model.cache_clear()

    real_model("faces")

    assert description.read_text() == today


def test_skips_with_words_that_say_what_to_set(elsewhere, monkeypatch):
    monkeypatch.setenv("PAGESIGHT_MIRROR", str(elsewhere))

    with pytest.raises(pytest.skip.Exception, match="set PAGESIGHT_MIRROR to a folder with 320n.onnx"):
        real_model("nudenet")
