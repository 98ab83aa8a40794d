"""A server with small models of several tasks, and the command as a program of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.gunicorn_server import PROJECT, GunicornServer, running_server
from harness.pictures import encode, make_upright
from harness.small_chains import write_small_models

CHAIN = """task = "detection"
[[step]]
run = "ants"
[[step]]
run = "colour"
crop = { at_most = 2 }
attach = "colour"
"""
LIMIT_S = 120


@pytest.fixture(scope="session")
def small_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The models `ants`, `colour` and `areas`, and the chain `coloured` of two of them."""
    folder = tmp_path_factory.mktemp("weights")
    write_small_models(folder)
    (folder / "coloured.chain.toml").write_text(CHAIN)
    return folder


@pytest.fixture(scope="session")
def small_server(small_models: Path) -> Iterator[GunicornServer]:
    environment = {"PAGESIGHT_WEIGHTS_DIR": str(small_models), "PAGESIGHT_MODELS": "ants,colour,areas,coloured"}
    environment |= {"PAGESIGHT_PRECISION": "fp32", "PAGESIGHT_CONFIDENCE": "0.01"}
    with running_server(PAGESIGHT_CONVERTED_DIR=str(small_models / "converted"), **environment) as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return fill(tmp_path / "pictures")


def fill(folder: Path) -> Path:
    """Put six pictures into a folder and one in it, and things that are none."""
    (folder / "b").mkdir(parents=True)
    for name, width in (("a.jpg", 64), ("B.JPG", 66), ("c.png", 68), ("b/a.jpg", 70), ("b/z.webp", 72), ("ä.jpg", 74)):
        kind = {"png": "PNG", "webp": "WEBP"}.get(name.rpartition(".")[2], "JPEG")
        (folder / name).write_bytes(encode(make_upright(width=width), kind))
    (folder / "notes.txt").write_text("no picture")
    (folder / ".hidden.jpg").write_bytes(b"no picture")
    return folder


IN_ORDER = ["B.JPG", "a.jpg", "b/a.jpg", "b/z.webp", "c.png", "ä.jpg"]


def start(*arguments: object, **variables: str) -> subprocess.Popen[str]:
    """Start the command `pagesight`, with these variables."""
    path = {"PYTHONPATH": str(PROJECT / "clients" / "python")}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PAGESIGHT_")}
    environment |= path | variables
    command = [sys.executable, "-m", "pagesight", *map(str, arguments)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(*arguments: object, **variables: str) -> tuple[int, str]:
    """Run the command; return its status and what it says."""
    with start(*arguments, **variables) as process:
        _, said = process.communicate(timeout=LIMIT_S)
        return process.returncode, said
