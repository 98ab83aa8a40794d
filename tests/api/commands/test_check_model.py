"""`make check-model`, run as its owner runs it: what it says of models that are right and wrong, and of no one else."""

import os
import platform
import re
import subprocess
import sys
from pathlib import Path

import onnx
import pytest

from api.version import VERSION
from harness.gunicorn_server import PROJECT
from harness.small_exports import TOML, write_yolox, yolox_onnx

DOG = PROJECT / "site" / "examples" / "dog.jpg"


def check(folder: Path, name: str, *photograph: Path, status: int = 0, **settings: str) -> str:
    run = subprocess.run(
        [sys.executable, "-m", "api.commands.check_model", *map(str, photograph)],
        cwd=PROJECT,
        env={"PAGESIGHT_MODELS": name, "PAGESIGHT_WEIGHTS_DIR": str(folder), "PATH": os.environ["PATH"], **settings},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == status, run.stderr
    assert "Traceback" not in run.stderr
    assert str(folder) not in run.stdout
    assert str(PROJECT) not in run.stdout
    return run.stdout


def test_all_is_said_of_an_exported_model(tmp_path: Path) -> None:
    model = yolox_onnx()
    model.metadata_props.add(key="author", value="somebody at /home/somebody")
    onnx.save(model, tmp_path / "mine.onnx")
    (tmp_path / "mine.toml").write_text(TOML + "[input]\nscale = 0.5\nmean = [1, 2, 3]\n")
    said = check(tmp_path, "mine", DOG)
    for line in (
        r"ok    the files can be read: mine\.onnx \([\d,]+ bytes\), mine\.toml \(\d+ bytes\)",
        r"  format    ONNX",
        r"  family    yolox  \[mine\.toml says so\]",
        r"  output    decoded = False",
        r"  labels    2: ant, bee  \[mine\.toml says so\]",
        r"  size      32 x 32 \(width x height\)",
        r"  colour    blue, green, red",
        r"  scale     0\.5, .*  \[mine\.toml says so\]",
        r"  mean      1, 2, 3 .*  \[mine\.toml says so\]",
        r'  licence   not known; its TOML can say it: licence = "\.\.\."',
        r"  precision tried on .* float32 [\d.]+.*",
        r"mine\.onnx has the inputs images 1 x 3 x 32 x 32",
        r"and the outputs output 1 x 21 x 7\.",
        r"Its metadata has the keys author\.",
        r"Here it runs as \w+ by OpenVINO .*",
        r"  32 x 32: [\d.]+ ms",
        r"  of 32 x 32 it computes output: 1 x 21 x 7 float32",
        rf"Pagesight {re.escape(VERSION)}, Python {re.escape(platform.python_version())}, openvino .*torch .*",
        r"Settings: engine auto, precision auto, input size the model's own",
        r"In dog\.jpg it finds:",
        r"The picture is mine-check\.jpg beside the model's files\.",
    ):
        assert re.search(f"^{line}$", said, re.MULTILINE), f"{line} is not in\n{said}"
    assert said.endswith("\nmine is ready to serve.\n")
    assert "somebody" not in said
    assert (tmp_path / "mine-check.jpg").is_file()


def test_all_is_said_of_a_darknet_model(tmp_path: Path) -> None:
    for ending in ("cfg", "weights"):
        (tmp_path / f"yolov3-tiny.{ending}").symlink_to(PROJECT / "weights" / f"yolov3-tiny.{ending}")
    (tmp_path / "coco.names").symlink_to(PROJECT / "weights" / "coco.names")
    said = check(
        tmp_path,
        "yolov3-tiny",
        DOG,
        PAGESIGHT_CONVERTED_DIR=str(PROJECT / "weights" / "converted"),
        PAGESIGHT_THREADS="2",
    )
    assert said.startswith("ok    yolov3-tiny.cfg: 24 layers, input 416 x 416")
    assert "    0  convolutional  3 x 3 / 1         416 x 416 x 16            496    0.150\n" in said
    assert "8,858,734 parameters, 5.56 GFLOPs an image" in said
    assert re.search(r"^  size      416 x 416 \(width x height\), or any multiple of 32$", said, re.MULTILINE)
    assert re.search(r"^  416 x 288: [\d.]+ ms$", said, re.MULTILINE)
    assert re.search(r"it finds:\n(.*\n)*.*\d%  dog ", said)
    assert said.endswith("yolov3-tiny is ready to serve.\n")


@pytest.mark.parametrize(
    ("files", "first"),
    [
        ({"mine.onnx": b"<!DOCTYPE html>"}, "WRONG mine.onnx is a web page; download the file itself"),
        ({}, "WRONG mine.cfg: "),
        ({"mine.cfg": b"[net]\n", "mine.weights": b"PK\x03\x04"}, "WRONG mine.cfg: "),
    ],
    ids=["a page", "nothing", "a broken cfg"],
)
def test_what_is_wrong_comes_first(files: dict[str, bytes], first: str, tmp_path: Path) -> None:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    said = check(tmp_path, "mine", DOG, status=1)
    assert said.startswith(first)
    assert f"\nPagesight {VERSION}, " in said
    assert said.endswith("\nmine cannot serve.\n")


def test_what_only_loading_shows_is_wrong_too(tmp_path: Path) -> None:
    write_yolox(tmp_path, "mine")
    (tmp_path / "mine.toml").write_text(TOML.replace('"ant", ', ""))
    said = check(tmp_path, "mine", status=1)
    assert said.startswith("WRONG mine.onnx has 2 classes, but there are 1 labels (mine.toml says so)\n")
    assert "\nok    the files can be read: mine.onnx" in said


def test_photograph_that_is_none_is_said(tmp_path: Path) -> None:
    write_yolox(tmp_path, "mine")
    assert "nothing.jpg cannot be shown to the model: No such file" in check(tmp_path, "mine", tmp_path / "nothing.jpg")
