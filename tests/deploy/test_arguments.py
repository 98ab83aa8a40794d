"""What install.sh says of arguments that cannot be right: one sentence, before anything is looked at or done."""

import os
import subprocess
from pathlib import Path

import pytest

from harness.gunicorn_server import PROJECT

INSTALL = PROJECT / "deploy" / "install.sh"
NAME = ("--domain", "detector.example.org")

pytestmark = pytest.mark.skipif(not Path("/etc/os-release").exists(), reason="install.sh is for Linux")


def call(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([INSTALL, *arguments], check=False, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Say which name this server has: --domain detector.example.org"),
        (("--domain",), "--domain needs a value after it."),
        (("--domain", "https://detector.example.org"), "--domain is a name such as detector.example.org"),
        (("--domain", "detector"), "'detector' is none."),
        (("--domain", "203.0.113.7"), "--domain is a name, not an address such as 203.0.113.7."),
        (("--domain", "a b; rm -rf /.org"), "--domain is a name such as detector.example.org"),
        ((*NAME, "--origin", "https://you.github.io/"), "without a path or a / at the end"),
        ((*NAME, "--origin", "https://you.github.io,you.org"), "and 'you.org' is not."),
        ((*NAME, "--model", "../mine"), "--model is a name such as yolov3"),
        ((*NAME, "--model", "mine,../other"), "--model is a name such as yolov3, and '../other' is none."),
        ((*NAME, "--email", "you"), "--email is an address such as you@example.org"),
        ((*NAME, "--venv", "/nowhere"), "--venv: there is no Python at /nowhere/bin/python."),
        ((*NAME, "--acme-server", "http://ca.example.org"), "--acme-server is an address that begins with https://."),
        ((*NAME, "--acme-ca", "/nowhere.pem"), "There is no file /nowhere.pem."),
        ((*NAME, "--dns", "Cloud Flare"), "--dns is the name of a plugin of certbot"),
        (("--frobnicate",), "'--frobnicate' is no option of it; --help lists them."),
    ],
)
def test_wrong_arguments_get_one_clear_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    done = call(*arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_origin_is_taken_as_browsers_send_it() -> None:
    program = '. deploy/lib/arguments.sh; take --origin https://You.GitHub.io; echo "$origins"'
    told = subprocess.run(["bash", "-c", program], cwd=PROJECT, check=True, capture_output=True, text=True)
    assert told.stdout == "https://you.github.io\n"


def test_help_names_every_option() -> None:
    told = call("--help")
    assert told.returncode == 0
    options = {
        word for word in (PROJECT / "deploy/lib/arguments.sh").read_text(encoding="utf-8").split() if word[:2] == "--"
    }
    assert {option.rstrip(")") for option in options if option[2:3].isalpha()} <= set(told.stdout.split())


@pytest.mark.skipif(os.geteuid() == 0, reason="this is root")
def test_it_asks_for_sudo() -> None:
    done = call(*NAME)
    assert done.returncode == 2
    assert "put sudo before it" in done.stderr
