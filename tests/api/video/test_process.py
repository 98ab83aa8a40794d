"""api/video/process.py: whatever becomes of the decoder, this process goes on, and nothing else is read."""

import errno
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from api.errors import RefusedVideo
from api.video import process
from api.video.limits import VideoLimits
from api.video.probe import probe_video
from api.video.process import DecoderProcess
from api.video.read import FrameReader
from harness.hostile.videos import bomb, patched
from harness.videos import quadrants

LIMITS = VideoLimits()
Files = Callable[..., Path]
TRY_TO_OPEN = """
import sys
sys.argv = ["decoder_process.py", "probe", "700000000", "9"]
sys.path.insert(0, {folder!r})
import decoder_process
def look(file):
    try:
        open({path!r})
    except OSError as error:
        decoder_process._say("failed", error.errno)
decoder_process._probe = look
decoder_process.main()
"""


@pytest.fixture
def run_instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a function that puts another program in the decoder's place."""

    def run(source: str) -> None:
        (tmp_path / "program.py").write_text(source, encoding="utf-8")
        monkeypatch.setattr(process, "PROGRAM", tmp_path / "program.py")

    return run


def test_the_decoder_can_open_nothing(video_file: Files):
    path = video_file("H.264 in MP4")
    source = TRY_TO_OPEN.format(folder=str(process.PROGRAM.parent), path=str(path))
    with path.open("rb") as file:
        done = subprocess.run([sys.executable, "-I", "-c", source], stdin=file, capture_output=True, check=True)
    assert done.stdout.split() == [b"failed", str(errno.EMFILE).encode()]


def test_nothing_of_the_path_reaches_the_decoder(run_instead, video_file: Files):
    run_instead("import os, sys\nprint(repr((sys.argv[1:], list(os.environ))).replace(' ', '').ljust(99))")
    with DecoderProcess(video_file("H.264 in MP4"), "probe", cpu_s=9) as decoder:
        (words,) = decoder.read_line()[:1]
    assert "probe" in words
    assert "mp4" not in words
    assert "PATH" not in words


def test_memory_is_bounded(video_file: Files, monkeypatch: pytest.MonkeyPatch):
    large = video_file(bomb(side=2048))
    assert probe_video(large, LIMITS).width == 2048
    monkeypatch.setattr(process, "MAX_MEMORY", 32_000_000)  # a few more than PyAV takes by itself
    assert probe_video(video_file("H.264 in MP4"), LIMITS).width == 160
    with pytest.raises(RefusedVideo, match="more memory|None of the video's pictures"):
        probe_video(large, LIMITS)


def test_what_claims_to_be_large_is_no_reason_to_take_memory(video_file: Files):
    claims = patched(quadrants(), b"stts", 4, b"\x7f\xff\xff\xff")
    with pytest.raises(RefusedVideo, match="more memory"):
        probe_video(video_file(claims), LIMITS)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("while True: pass", "more time"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "cut off or damaged"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "more time"),
        ("print('failed memory'.ljust(99))", "more memory"),
        ("print('failed KeyError'.ljust(99))", "cut off or damaged"),
    ],
)
def test_says_what_became_of_the_decoder(
    source: str, words: str, run_instead, video_file: Files, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(process, "MAX_WAIT_S", 0.5)
    path = video_file("H.264 in MP4")
    run_instead(source)
    with DecoderProcess(path, "probe", cpu_s=9) as decoder, pytest.raises(RefusedVideo, match=words):
        decoder.read_line()


def test_a_mistake_of_ours_is_not_told_as_the_files(run_instead, video_file: Files):
    run_instead("raise SystemExit(3)")
    with DecoderProcess(video_file("H.264 in MP4"), "probe", cpu_s=9) as decoder, pytest.raises(RuntimeError):
        decoder.read_line()


def test_time_is_bounded(run_instead, video_file: Files, monkeypatch: pytest.MonkeyPatch):
    program = process.PROGRAM.read_text(encoding="utf-8")
    run_instead(program.replace("def _probe(file: BinaryIO) -> None:", "def _probe(file):\n    while True: pass\n"))
    path = video_file("H.264 in MP4")
    with DecoderProcess(path, "probe", cpu_s=1) as decoder:
        with pytest.raises(RefusedVideo, match="more time"):
            decoder.read_line()
        assert decoder._process.poll() == -signal.SIGXCPU  # by its own limit, and not by our clock


def test_no_process_is_left(video_file: Files):
    path = video_file("H.264 in MP4")
    with FrameReader(path, probe_video(path, LIMITS), LIMITS) as reader:
        next(reader)
        child = reader._decoder._process
        assert child.poll() is None
    assert child.poll() is not None


def test_no_more_processes_is_no_fault_of_the_file(video_file: Files, monkeypatch: pytest.MonkeyPatch):
    def fail(*_, **__):
        raise OSError(errno.EAGAIN, "no more processes")

    monkeypatch.setattr(subprocess, "Popen", fail)
    with pytest.raises(MemoryError):
        probe_video(video_file("H.264 in MP4"), LIMITS)
