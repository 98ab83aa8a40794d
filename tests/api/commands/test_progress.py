"""The bar of long work: one line on a terminal, a few in a file, and how it hears that it is to stop."""

import io
import subprocess
import sys

import pytest

from api.commands.progress import ProgressBar
from harness.gunicorn_server import PROJECT

# In a process of its own: the tests' own has threads of libraries', which a signal may hit.
INTERRUPTED = """
import os, signal
from api.commands.progress import ProgressBar

def interrupt():
    os.kill(os.getpid(), signal.SIGINT)

bar, before = ProgressBar(), signal.getsignal(signal.SIGINT)
with bar.listening():
    interrupt()
    if bar.must_stop:
        print("must stop")
    try:
        interrupt()
    except KeyboardInterrupt:
        print("ended")
if signal.getsignal(signal.SIGINT) is before:
    print("as before")
"""


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        return True


def work(bar: ProgressBar) -> None:
    bar.begin("counting", 100)
    for number in range(100):
        bar.advance(f"at {number}")
    bar.say("Done.")


def test_a_file_gets_a_line_for_each_tenth(capsys: pytest.CaptureFixture[str]):
    work(ProgressBar())
    *lines, last = capsys.readouterr().err.splitlines()
    assert len(lines) == 10
    assert lines[3] == "counting ████████░░░░░░░░░░░░ 40 %  0 s left  at 39"
    assert last == "Done."


def test_a_terminal_has_one_line_that_changes_and_what_is_said_stays(monkeypatch: pytest.MonkeyPatch):
    screen = Screen()
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setenv("COLUMNS", "40")
    work(ProgressBar())
    shown = screen.getvalue().split("\r\033[K")
    assert "\n" not in "".join(shown[:-1])
    assert max(map(len, shown)) < 40
    assert shown[-1] == "Done.\n"


def test_hears_the_first_interruption_and_gives_way_to_the_second():
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], cwd=PROJECT, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "must stop\nended\nas before\n", "")
