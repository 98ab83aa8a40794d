import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "check_tools.sh"


def check(folder: Path, *, python: str = sys.executable, make: str = "4.3") -> subprocess.CompletedProcess[str]:
    """Run the script with the programs of `folder` before those of the system."""
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    return subprocess.run(
        ["bash", str(SCRIPT), python, make], env=environment, capture_output=True, text=True, timeout=30, check=False
    )


def put_program(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / name).chmod(0o755)
    return str(folder / name)


def test_says_nothing_when_all_is_new_enough(tmp_path: Path) -> None:
    finished = check(tmp_path)
    assert (finished.returncode, finished.stderr) == (0, "")


def test_an_old_python_is_named(tmp_path: Path) -> None:
    old = put_program(tmp_path, "python3.9", 'if [ "$1" = -V ]; then echo "Python 3.9.2"; else exit 1; fi')
    finished = check(tmp_path, python=old)
    assert finished.returncode == 1
    assert finished.stderr.count("\n") == 1
    assert "Python 3.11 or newer is needed" in finished.stderr
    assert "Python 3.9.2" in finished.stderr


def test_a_missing_python_is_named(tmp_path: Path) -> None:
    assert "there is no 'python9'" in check(tmp_path, python="python9").stderr


def test_an_old_node_is_named(tmp_path: Path) -> None:
    put_program(tmp_path, "node", 'if [ "$1" = --version ]; then echo v18.19.0; else exit 1; fi')
    finished = check(tmp_path)
    assert finished.returncode == 1
    assert finished.stderr.strip().endswith("Node 20 or newer is needed, and 'node' is v18.19.0.")


@pytest.mark.parametrize(("version", "status"), [("3.80", 1), ("3.81", 0), ("4.3", 0), ("10.1", 0), ("", 1)])
def test_the_version_of_make_counts(tmp_path: Path, version: str, status: int) -> None:
    finished = check(tmp_path, make=version)
    assert finished.returncode == status
    assert ("GNU make 3.81 or newer is needed" in finished.stderr) == bool(status)
