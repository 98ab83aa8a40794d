"""The units of deploy/systemd/, filled in as install.sh does, before systemd's own judgement."""

import shutil
import subprocess
from pathlib import Path

import pytest

from harness.gunicorn_server import PROJECT

KINDS = ("socket", "service")
MOST_EXPOSURE = 20  # tenths; systemd calls an ordinary service 9.6 of 10, UNSAFE

pytestmark = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed here")


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    """Both units as files that systemd reads."""
    files = []
    for kind in KINDS:
        text = (PROJECT / "deploy" / "systemd" / f"pagesight.{kind}").read_text(encoding="utf-8")
        for word, value in {"@NAME@": "pagesight", "@CODE@": str(PROJECT), "@SETTINGS@": "/dev/null"}.items():
            text = text.replace(word, value)
        files.append(tmp_path / f"pagesight.{kind}")
        files[-1].write_text(text, encoding="utf-8")
    return files


def analyze(*arguments: str | Path) -> str:
    """Return what systemd-analyze says; it must have no complaint."""
    done = subprocess.run(
        ["systemd-analyze", *arguments], check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_systemd_has_no_complaint_about_the_units(units: list[Path]) -> None:
    assert analyze("verify", "--man=no", *units) == ""


def test_the_service_is_little_exposed(units: list[Path]) -> None:
    service = units[KINDS.index("service")]
    analyze("security", "--offline=true", f"--threshold={MOST_EXPOSURE}", service)


def test_no_word_is_left_to_fill_in(units: list[Path]) -> None:
    for unit in units:
        lines = [line for line in unit.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        assert not [
            line for line in lines if "@" in line.replace("@system-service", "").replace("~@privileged @resources", "")
        ]
