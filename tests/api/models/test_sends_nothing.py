"""Neither converting a model nor serving it sends anything to another machine."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from harness.gunicorn_server import PROJECT, running_server

STRACE = ("strace", "-D", "-f", "--seccomp-bpf", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-e", "signal=none")
ADDRESSED = re.compile(r"(connect|sendto|sendmsg|sendmmsg)\(.*sa_family=(?!AF_UNIX)\w+")  # by a name or an address
CALLER = "import socket; socket.socket(type=socket.SOCK_DGRAM).connect(('192.0.2.1', 9))"
IMPORT = "import api.models, openvino; print(openvino.tools.ovc.telemetry_utils.tm.__name__)"

needs_strace = pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed here")


@needs_strace
def test_a_server_that_converts_and_detects_calls_nobody(tmp_path: Path, dog: bytes):
    notes = tmp_path / "calls"
    converted = tmp_path / "converted"
    with running_server(launcher=(*STRACE, "-o", str(notes)), PAGESIGHT_CONVERTED_DIR=str(converted)) as server:
        assert server.client.detect(dog).json["detections"]
    assert list(converted.glob("yolov3-tiny/*/*.xml"))
    text = notes.read_text(encoding="utf-8")
    assert "+++ exited with 0 +++" in text
    assert ADDRESSED.findall(text) == []


@needs_strace
def test_a_call_would_be_seen(tmp_path: Path):
    notes = tmp_path / "calls"
    subprocess.run([*STRACE, "-o", notes, sys.executable, "-c", CALLER])  # fails where there is no network
    assert ADDRESSED.findall(notes.read_text(encoding="utf-8")) == ["connect"]


def test_what_sends_usage_figures_is_not_used_where_it_is_installed(tmp_path: Path):
    package = tmp_path / "openvino_telemetry"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit('openvino_telemetry was imported')", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-c", IMPORT]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("openvino.tools.ovc.telemetry_stub\n", 0), done.stderr
