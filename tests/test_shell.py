"""All shell scripts, before shellcheck."""

import shutil
import subprocess

import pytest

from harness.gunicorn_server import PROJECT


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not installed here")
def test_shellcheck_has_no_complaint() -> None:
    folders = ("deploy", "scripts", "tests")
    scripts = [path for folder in folders for path in (PROJECT / folder).rglob("*.sh") if path.parent.name != "lib"]
    # What install.sh reads from deploy/lib/ is checked with it, for its names are known only there.
    command = [
        "shellcheck",
        "--severity=warning",
        "--external-sources",
        "--check-sourced",
        *scripts,
        PROJECT / ".ci" / "run",
    ]
    done = subprocess.run(command, cwd=PROJECT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
