"""The Python client as people install it: a wheel, in an environment that has nothing else."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from harness.gunicorn_server import PROJECT, GunicornServer

SOURCE = PROJECT / "clients" / "python"
PROGRAM = """
import sys
from pagesight import Client, Refused
with Client(sys.argv[1]) as client:
    print(client.detect(sys.argv[2], confidence=0.5).detections[0].label)
    try:
        client.detect(b"no image")
    except Refused as refused:
        print(refused.status)
"""


def run(*command: object, cwd: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run([*map(str, command)], cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy: a build leaves files beside its source."""
    folder = tmp_path_factory.mktemp("wheel")
    (folder / "source").mkdir()
    run("cp", "-r", SOURCE, folder / "source", cwd=folder)
    build = ("-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", folder)
    run(sys.executable, *build, folder / "source" / "python", cwd=folder)
    (made,) = folder.glob("*.whl")
    return made


def test_wheel_has_all_of_the_package_and_nothing_else(wheel: Path):
    with zipfile.ZipFile(wheel) as opened:
        inside = {name for name in opened.namelist() if ".dist-info/" not in name}
        (metadata,) = (opened.read(name).decode() for name in opened.namelist() if name.endswith("/METADATA"))
        licences = [name for name in opened.namelist() if name.endswith("/LICENSE")]
    own = {path.relative_to(SOURCE).as_posix() for path in (SOURCE / "pagesight").rglob("*") if path.is_file()}
    assert inside == {name for name in own if not name.endswith(".pyc")}
    assert "License-Expression: MIT" in metadata
    assert licences
    assert (SOURCE / "LICENSE").read_bytes() == (PROJECT / "LICENSE").read_bytes()


def test_wheel_works_in_an_empty_environment(
    wheel: Path, server: GunicornServer, tmp_path: Path, photographs: dict[str, Path]
):
    run(sys.executable, "-m", "venv", tmp_path / "empty", cwd=tmp_path)
    python = tmp_path / "empty" / "bin" / "python"
    try:
        run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel, cwd=tmp_path)
    except AssertionError as error:
        if "No matching distribution" in str(error) or "Could not find a version" in str(error):
            pytest.skip("what the wheel needs cannot be had: no index of packages answers")
        raise
    said = run(python, "-c", PROGRAM, server.url, photographs["dog"], cwd=tmp_path)
    assert said.split() == ["car", "415"]
    folder = tmp_path / "photographs"
    folder.mkdir()
    (folder / "dog.jpg").write_bytes(photographs["dog"].read_bytes())
    command = tmp_path / "empty" / "bin" / "pagesight"
    run(command, "detect", folder, "--server", server.url, "--to", tmp_path / "found.csv", cwd=tmp_path)
    assert "dog.jpg,car," in (tmp_path / "found.csv").read_text()
