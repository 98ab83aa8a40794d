"""The units of deploy/systemd/, filled in as install.sh does, before systemd's own judgement."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from api.settings import Settings
from harness.allocator import ALLOCATOR, UNIT
from harness.gunicorn_server import PROJECT

KINDS = ("socket", "service")
WORKER = "pagesight-worker.service"
TELEGRAM = "pagesight-telegram.service"
WORDS = {"@NAME@": "pagesight", "@CODE@": str(PROJECT), "@SETTINGS@": "/dev/null", "@CACHE@": "pagesight/1"}
OTHER_TASKS = 100  # the master, the main threads, the model's own, the metrics, decoders in processes of their own
MOST_EXPOSURE = 20  # tenths; systemd calls an ordinary service 9.6 of 10, UNSAFE

needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed here")


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    """Both units as files that systemd reads."""
    files = []
    for kind in KINDS:
        text = (PROJECT / "deploy" / "systemd" / f"pagesight.{kind}").read_text(encoding="utf-8")
        for word, value in WORDS.items():
            text = text.replace(word, value)
        files.append(tmp_path / f"pagesight.{kind}")
        files[-1].write_text(text, encoding="utf-8")
    return files


@pytest.fixture
def worker(tmp_path: Path) -> Path:
    """The worker's unit as a file that systemd reads."""
    text = (PROJECT / "deploy" / "systemd" / WORKER).read_text(encoding="utf-8")
    for word, value in WORDS.items():
        text = text.replace(word, value)
    (tmp_path / WORKER).write_text(text, encoding="utf-8")
    return tmp_path / WORKER


def analyze(*arguments: str | Path) -> str:
    """Return what systemd-analyze says; it must have no complaint."""
    done = subprocess.run(
        ["systemd-analyze", *arguments], check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@needs_systemd
def test_systemd_has_no_complaint_about_the_units(units: list[Path]) -> None:
    assert analyze("verify", "--man=no", *units) == ""


@needs_systemd
def test_the_service_is_little_exposed(units: list[Path]) -> None:
    service = units[KINDS.index("service")]
    analyze("security", "--offline=true", f"--threshold={MOST_EXPOSURE}", service)


@needs_systemd
def test_the_worker_is_as_little_exposed(worker: Path) -> None:
    assert analyze("verify", "--man=no", worker) == ""
    analyze("security", "--offline=true", f"--threshold={MOST_EXPOSURE}", worker)


@needs_systemd
def test_the_telegram_bot_is_as_little_exposed(tmp_path: Path) -> None:
    text = (PROJECT / "deploy" / "systemd" / TELEGRAM).read_text(encoding="utf-8")
    (tmp_path / TELEGRAM).write_text(text.replace("/opt/pagesight-telegram", str(PROJECT)), encoding="utf-8")
    assert analyze("verify", "--man=no", tmp_path / TELEGRAM) == ""
    analyze("security", "--offline=true", f"--threshold={MOST_EXPOSURE}", tmp_path / TELEGRAM)


def test_the_worker_gives_way_and_shares_a_folder_with_the_api(worker: Path) -> None:
    lines = worker.read_text(encoding="utf-8").splitlines()
    shared = (PROJECT / "deploy" / "systemd" / "pagesight-jobs.conf").read_text(encoding="utf-8")
    assert "CPUWeight=1" in lines  # its nice value counts only within its own unit
    for line in shared.replace("@NAME@", "pagesight").splitlines()[2:]:
        assert line in lines


def test_models_are_converted_into_the_one_folder_that_the_service_may_write(units: list[Path]) -> None:
    service = units[KINDS.index("service")].read_text(encoding="utf-8")
    (cache,) = re.findall(r"^CacheDirectory=(.+)$", service, re.MULTILINE)
    assert f"Environment=PAGESIGHT_CONVERTED_DIR=/var/cache/{cache}" in service.splitlines()
    assert not re.search(r"^(ReadWritePaths|StateDirectory|LogsDirectory)=", service, re.MULTILINE)


def test_no_word_is_left_to_fill_in(units: list[Path]) -> None:
    for unit in units:
        lines = [line for line in unit.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        assert not [line for line in lines if "@" in line.replace("@system-service", "").replace("~@privileged", "")]


@pytest.mark.parametrize("path", ["Makefile", "deploy/docker/Dockerfile"])
def test_the_allocator_is_set_as_in_the_unit(path: str) -> None:
    text = (PROJECT / path).read_text(encoding="utf-8")
    assert ALLOCATOR
    assert dict(re.findall(r"\b((?:MALLOC|GLIBC)_\w+)=(\S+)", text)) == ALLOCATOR


def test_the_most_threads_that_settings_allow_fit_into_the_unit() -> None:
    slots, queue, threads = most("slots"), most("queue"), most("threads")
    chosen = {"PAGESIGHT_MODEL": "yolov3-tiny", "PAGESIGHT_SLOTS": str(slots), "PAGESIGHT_QUEUE": str(queue)}
    program = "from api.server import gunicorn_conf; print(gunicorn_conf.threads)"
    printed = subprocess.check_output([sys.executable, "-c", program], cwd=PROJECT, env={**os.environ, **chosen})
    tasks = int(re.search(r"^TasksMax=(\d+)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE)[1])
    assert int(printed) + slots * threads + OTHER_TASKS <= tasks  # each slot may have a team of threads


def most(name: str) -> int:
    """Return the largest number that a setting may have."""
    return int(Settings.__dataclass_fields__[name].metadata["reader"].expected.split()[-1])
