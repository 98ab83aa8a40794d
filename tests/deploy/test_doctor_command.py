"""`make doctor` and `python3 -m deploy.doctor` as a person and a monitor run them: words, JSON, exit status."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence

import pytest

from deploy.doctor.checks import CHECKS
from deploy.doctor.diagnosis import Result
from deploy.doctor.finding import wrong
from deploy.doctor.report import format_line
from harness.gunicorn_server import ALLOWED_ORIGIN, PROJECT
from tests.deploy.doctor_sites import HOST, PAGE_HOST, RunningSites

LIMIT_S = 120


def run(command: Sequence[object], **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*map(str, command)],
        cwd=PROJECT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )


def doctor(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run it with the standard library alone, as on a computer where nothing is installed."""
    return run([sys.executable, "-S", "-E", "-m", "deploy.doctor", *arguments], **environment)


def way_to(sites: RunningSites, site: str) -> list[str]:
    resolve = {f"{HOST}:443": site, f"{HOST}:80": "redirect", f"{PAGE_HOST}:443": "page"}
    options = [f"--resolve={place}:127.0.0.1:{sites.ports[name]}" for place, name in resolve.items()]
    return [f"--cacert={sites.authority}", *options, f"https://{HOST}", ALLOWED_ORIGIN]


def test_tells_a_person_of_a_right_server(sites: RunningSites):
    told = doctor(*way_to(sites, "good"))
    assert told.returncode == 0, told.stdout
    assert told.stderr == ""
    lines = told.stdout.splitlines()
    assert [line.split()[1] for line in lines[:-1] if line[0] != " "] == [check.name for check in CHECKS]
    assert {line[0] for line in lines[:-1] if "a detection takes" not in line} <= {"✓", "-", " "}
    assert re.fullmatch(r"\d+ well, (1 to watch, )?2 not looked at", lines[-1])
    assert "\x1b" not in told.stdout


def test_tells_a_program_the_same_as_json(sites: RunningSites):
    told = doctor("--json", *way_to(sites, "tells its version"))
    answer = json.loads(told.stdout)
    assert (told.returncode, answer["exit_status"]) == (0, 0)
    assert (answer["url"], answer["origin"]) == (f"https://{HOST}", ALLOWED_ORIGIN)
    checks = {one["check"]: one for one in answer["checks"]}
    assert list(checks) == [check.name for check in CHECKS]
    assert checks["api"]["status"] == "well"
    assert checks["no-versions"]["status"] == "warning"
    assert checks["no-versions"]["remedy"]


def test_warnings_count_for_who_is_strict(sites: RunningSites):
    assert doctor("--strict", *way_to(sites, "tells its version")).returncode == 1


def test_tells_a_monitor_that_something_is_wrong_and_the_remedy(sites: RunningSites):
    told = doctor(*way_to(sites, "expired"))
    assert told.returncode == 1
    assert "✗ certificate-days" in told.stdout
    assert "→ " in told.stdout
    assert "1 wrong" in told.stdout.splitlines()[-1]


def test_tells_a_monitor_that_the_server_is_not_reached(sites: RunningSites):
    assert doctor("https://missing.invalid").returncode == 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "URL"),
        (["detector.example.org"], "is not an address such as https://"),
        (["https://"], "is not an address"),
        (["https://a.example:99999"], "a host or a port that cannot be"),
        (["https://a.example", "you.github.io"], "is not an address"),
        (["https://a.example", "--cacert", "nothing.pem"], "is not a file"),
        (["https://a.example", "--resolve", "a.example:443"], "is not HOST:PORT:ADDRESS"),
        (["https://a.example", "--resolve", "a.example:443:b.example"], "is not an IP address"),
        (["https://a.example", "--resolve", "a.example:443:1.2.3.4.5"], "is not an IP address"),
    ],
)
def test_refuses_arguments_that_make_no_sense(arguments: list[str], words: str):
    told = doctor(*arguments)
    assert told.returncode == 2
    assert words in told.stderr
    assert "Traceback" not in told.stderr


def test_writes_where_there_is_no_tick(sites: RunningSites):
    told = run([sys.executable, "-m", "deploy.doctor", "https://missing.invalid"], PYTHONIOENCODING="ascii")
    assert told.returncode == 3
    assert "? dns" in told.stdout


def test_says_that_python_is_too_old():
    told = run([sys.executable, "-c", "import sys; sys.version_info = (3, 10); import deploy.doctor"])
    assert told.returncode == 2
    assert told.stderr == "The doctor needs Python 3.11 or newer (make: PYTHON=... names another).\n"


def test_make_needs_nothing_but_python(sites: RunningSites):
    *options, url, origin = way_to(sites, "good")
    told = run(["make", "-s", "doctor", f"URL={url}", f"ORIGIN={origin}", f"OPTIONS={' '.join(options)}"])
    assert told.returncode == 0, told.stdout + told.stderr
    assert "✓ detection" in told.stdout


def test_make_says_what_it_wants_to_know():
    told = run(["make", "-s", "doctor"])
    assert told.returncode == 2
    assert "make doctor URL=" in told.stderr


@pytest.mark.parametrize(("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colours_only_for_a_terminal_whose_owner_likes_them(environment: dict[str, str], coloured: bool):
    command = [sys.executable, "-m", "deploy.doctor", "https://missing.invalid"]
    ours, theirs = os.openpty()
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        with os.fdopen(theirs, "wb", buffering=0) as stdout:
            plain = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
            subprocess.run(command, cwd=PROJECT, env=plain | environment, stdout=stdout, timeout=LIMIT_S, check=False)
        shown = terminal.read(100_000)
    assert (b"\x1b[31m" in shown) == coloured


def test_lets_no_server_write_to_the_terminal_as_it_likes():
    line = format_line(Result("ready", wrong("not ready\x1b[2J\r\nall is well", "remedy\x07")))
    assert line.splitlines()[0] == "✗ ready              not ready [2J  all is well"
    assert not any(char in line for char in "\x1b\r\x07")
