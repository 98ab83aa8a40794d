"""The bar of long work: one line on a terminal, a few in a file, and how it hears that it is to stop."""

import io
import os
import signal

import pytest

from api.commands.progress import ProgressBar


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
    bar = ProgressBar()
    before = signal.getsignal(signal.SIGINT)
    with bar.listening():
        os.kill(os.getpid(), signal.SIGINT)
        assert bar.must_stop
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before
