"""A reader's files: what is wrong with them is said in words."""

import shutil
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from api.models.errors import ModelError
from api.models.formats import find_format, require_model
from api.models.load import load_model
from api.models.options import Precision, RunOptions
from api.models.reading.model import Reader
from api.models.reading.reader import check, describe, read_graph
from harness.real_models import link_models, real_model

EXACT = RunOptions(precision=Precision.FP32)
GOOD = {
    "detection": "PP-OCRv6_det_small.onnx",
    "recognition": "PP-OCRv6_rec_small.onnx",
    "direction": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with links to the networks, and no description."""
    for file in real_model("read").glob("*.onnx"):
        (tmp_path / file.name).symlink_to(file)
    return tmp_path


def describe_as(folder: Path, name: str = "mine", **values: str) -> None:
    (folder / f"{name}.reader.toml").write_text("".join(f'{key} = "{value}"\n' for key, value in values.items()))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"detection": GOOD["detection"]}, "does not say which network does the recognition"),
        ({**GOOD, "recognition": "gone.onnx"}, "`recognition` names gone.onnx, which is not in the weights folder"),
        ({**GOOD, "recognition": "../up.onnx"}, "`recognition` is '../up.onnx', and the name of a file beside it"),
        ({**GOOD, "recognition": "best.pth"}, "the name of a file beside it"),
        ({**GOOD, "detector": "a.onnx"}, "there is no key `detector`"),
    ],
)
def test_a_wrong_description_is_refused_before_anything_is_computed(folder: Path, values: dict[str, str], said: str):
    describe_as(folder, **values)
    with pytest.raises(ModelError, match="mine.reader.toml"):
        load_model("mine", folder, EXACT)
    (finding,) = check("mine", folder)
    assert said in finding.text


def test_networks_at_each_others_places_are_refused(folder: Path):
    (folder / "converted").symlink_to(real_model("read") / "converted")  # both are there under this name
    describe_as(folder, "read", detection=GOOD["recognition"], recognition=GOOD["detection"])
    with pytest.raises(
        ModelError, match="`detection` names PP-OCRv6_rec_small.onnx, which is of the family ctc, not db"
    ):
        load_model("read", folder, EXACT)


def test_a_network_that_reads_nothing_is_refused(folder: Path):
    shutil.copy(real_model("yolox-nano") / "yolox-nano.onnx", folder)
    describe_as(folder, **{**GOOD, "detection": "yolox-nano.onnx"})
    with pytest.raises(ModelError, match="yolox-nano.onnx is no recogniser as PaddleOCR's are"):
        load_model("mine", folder, EXACT)


def test_a_broken_network_is_refused(folder: Path):
    (folder / "broken.onnx").write_bytes(b"\x08\x07" + bytes(100))
    describe_as(folder, **{**GOOD, "detection": "broken.onnx"})
    with pytest.raises(ModelError, match="broken.onnx"):
        load_model("mine", folder, EXACT)


def test_a_reader_is_found_by_its_description(tmp_path: Path):
    link_models(tmp_path, "read")
    require_model("read", tmp_path)
    assert find_format("read", tmp_path).endings == (".reader.toml",)
    assert "Its recognition is PP-OCRv6_rec_small.onnx." in describe("read", tmp_path)
    with pytest.raises(ModelError, match="several networks"):
        read_graph("read", tmp_path, EXACT, None)  # type: ignore[arg-type]


def test_the_card_says_what_it_is_and_whose(tmp_path: Path):
    link_models(tmp_path, "read")
    model = load_model("read", tmp_path, RunOptions(precision=Precision.FP32, input_size=320))
    assert isinstance(model, Reader)
    card = model.card
    assert (card.name, card.task, card.family, card.labels) == ("read", "reading", "db", ())
    assert (card.licence, card.origin) == ("Apache-2.0", "https://github.com/RapidAI/RapidOCR")
    assert card.input.size == (320, 1984)
    assert "float32 by OpenVINO" in card.reasons["recognition"]
    assert len(model.recognition.card.labels) == 18_709


def test_lines_of_a_batch_are_computed_as_onnxruntime_computes_them(tmp_path: Path):
    link_models(tmp_path, "read")
    model = load_model("read", tmp_path, EXACT)
    assert isinstance(model, Reader)
    x = np.random.default_rng(0).uniform(-1, 1, (3, 3, 48, 400)).astype(np.float32)
    session = onnxruntime.InferenceSession(real_model("read") / GOOD["recognition"])
    (expected,) = session.run(None, {"x": x})
    (found,) = model.recognition.engine(x).values()
    np.testing.assert_allclose(found, expected, atol=1e-3)
