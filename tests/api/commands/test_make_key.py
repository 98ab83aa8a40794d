"""`make key`: a key said once, its line for the settings, and one sentence for a name that is none."""

import subprocess

import pytest

from api.api_key import hash_key
from api.commands.make_key import main
from api.settings import PROJECT, Settings


def make(*variables: str) -> "subprocess.CompletedProcess[str]":
    command = ["make", "--silent", "--no-print-directory", "key", *variables]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=60)


def test_line_is_what_the_settings_read():
    done = make("NAME=frigate", "PER_MINUTE=60")
    key, line = done.stdout.splitlines()
    variable, _, value = line.partition("=")
    (known,) = Settings.from_environment({variable: value}).api_keys
    assert (known.name, known.digest, known.per_minute) == ("frigate", hash_key(key), 60)
    assert key not in line + done.stderr
    assert done.returncode == 0


def test_each_key_is_another(capsys: pytest.CaptureFixture[str]):
    assert main("frigate") == main("frigate") == 0
    first, _, second, _ = capsys.readouterr().out.splitlines()
    assert first != second


@pytest.mark.parametrize(
    "given", [(), ("",), ("two words",), ("a:b",), ("a,b",), ("-x",), ("x" * 33,), ("x", "0"), ("x", "1.5")]
)
def test_bad_name_or_rate_is_told_in_one_line(given: tuple[str, ...], capsys: pytest.CaptureFixture[str]):
    assert main(*given) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("Say whose key it is: make key NAME=frigate")
    assert said.err.count("\n") == 1


def test_make_says_how_without_a_name():
    done = make()
    assert done.returncode == 2
    assert "make key NAME=frigate" in done.stderr
