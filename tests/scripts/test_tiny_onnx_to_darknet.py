"""The converter against an ONNX file made by hand, and against what it made of the real one."""

import hashlib
import struct
import tomllib
from pathlib import Path

import pytest

from scripts.tiny_onnx_to_darknet import ConversionError, main, to_darknet
from tests.scripts.onnx_bytes import darknet_file, tiny_model

REPOSITORY = Path(__file__).parents[2]
REAL_WEIGHTS = REPOSITORY / "weights" / "yolov3-tiny.weights"


@pytest.mark.parametrize("packed", [False, True], ids=["raw_data", "float_data"])
def test_writes_layers_in_cfg_order_and_values_in_darknet_order(packed: bool) -> None:
    assert to_darknet(tiny_model(packed=packed)) == darknet_file()


@pytest.mark.parametrize("left_out", ["conv2d_3/kernel:0", "m_7", "bias_13"])
def test_names_the_values_that_are_missing(left_out: str) -> None:
    with pytest.raises(ConversionError, match=left_out):
        to_darknet(tiny_model(left_out=left_out))


def test_refuses_values_that_do_not_fit_their_layer() -> None:
    with pytest.raises(ConversionError, match=r"v_4 should hold float32 for 128 filters"):
        to_darknet(tiny_model(wrong_shape="v_4"))


@pytest.mark.parametrize("kept", [3, 1000, -1])
def test_refuses_a_file_cut_short(kept: int) -> None:
    with pytest.raises(ConversionError):
        to_darknet(tiny_model()[:kept])


@pytest.mark.parametrize(
    "content", [b"", b"<!DOCTYPE html><html></html>", b"\xff" * 64], ids=["empty", "html", "noise"]
)
def test_refuses_what_is_not_onnx(content: bytes) -> None:
    with pytest.raises(ConversionError):
        to_darknet(content)


def test_command_says_in_one_line_why_it_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, destination = tmp_path / "model.onnx", tmp_path / "model.weights"
    source.write_bytes(tiny_model(left_out="b_1"))

    assert main([str(source), str(destination)]) == 1
    assert capsys.readouterr().err == "model.onnx cannot be converted: the graph has no values for b_1\n"
    assert not destination.exists()


@pytest.mark.skipif(not REAL_WEIGHTS.exists(), reason="weights/yolov3-tiny.weights is not there")
def test_real_file_has_a_known_hash_and_sane_statistics() -> None:
    content = REAL_WEIGHTS.read_bytes()
    catalogue = tomllib.loads((REPOSITORY / "weights" / "catalogue.toml").read_text())
    known = {file["sha256"] for file in catalogue["yolov3-tiny"]["files"]}
    beta, gamma, mean, variance = (struct.unpack_from("<16f", content, 20 + 64 * part) for part in range(4))

    assert len(content) == 20 + 4 * 8_858_734
    assert hashlib.sha256(content).hexdigest() in known
    assert all(value > 0 for value in variance)
    assert all(abs(value) < 50 for value in (*beta, *gamma, *mean, *variance))
