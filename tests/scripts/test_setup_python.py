"""scripts/setup_python.sh: which locks it installs, by a stand-in for pip that writes down what it is asked."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from harness.gunicorn_server import PROJECT

STAND_IN = """#!/bin/bash
[ "$1" = -c ] || printf '%s\\n' "$@" >>asked
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the script, its locks, and the stand-in as Python."""
    (tmp_path / "scripts").mkdir()
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    shutil.copytree(PROJECT / "requirements", tmp_path / "requirements")
    shutil.copy(PROJECT / "scripts" / "setup_python.sh", tmp_path / "scripts")
    python = tmp_path / ".venv" / "bin" / "python"
    python.write_text(STAND_IN, encoding="utf-8")
    python.chmod(0o755)
    return tmp_path


def locks_asked_for(checkout: Path, group: str, **environment: str) -> set[str]:
    command = [checkout / "scripts" / "setup_python.sh", "python3", group]
    subprocess.run(command, env=os.environ | environment, check=True, capture_output=True)
    asked = (checkout / "asked").read_text(encoding="utf-8").splitlines()
    return {Path(line).stem for line in asked if line.startswith("requirements/")}


def test_the_server_gets_videos_unless_somebody_wants_none(checkout: Path):
    assert "video" in locks_asked_for(checkout, "runtime")
    (checkout / "asked").unlink()
    assert "video" not in locks_asked_for(checkout, "runtime", VIDEO="no")


def test_each_group_gets_its_own_lock(checkout: Path):
    assert locks_asked_for(checkout, "audit") == {"pip", "audit"}


def test_the_telegram_bot_gets_nothing_that_computes(checkout: Path):
    assert locks_asked_for(checkout, "telegram") == {"pip", "telegram"}
