"""api/images/isolated.py: whatever becomes of the decoder's process, this one goes on and says what happened."""

import errno
import io
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from PIL import Image

from api.errors import OutOfMemory, RefusedImage
from api.images import decoder_process, isolated
from api.images.decode import decode_image
from api.images.limits import ImageLimits
from harness.hostile.heif import heic_of_ten_bits, large
from harness.pictures import encode, make_upright, store

LIMITS = ImageLimits()
KINDS = ("HEIF", "AVIF")
READ_ALL = "import sys; sys.stdin.buffer.read()\n"


def decode(data: bytes, limits: ImageLimits = LIMITS):
    return decode_image(data, orientation=None, limits=limits).pixels


@pytest.fixture
def run_instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a function that puts another program in the decoder's place."""

    def run(source: str) -> None:
        (tmp_path / "program.py").write_text(source, encoding="utf-8")
        monkeypatch.setattr(isolated, "PROGRAM", tmp_path / "program.py")

    return run


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_but_the_pixels_leaves_the_process(kind: str):
    secret = b"who took this, and where"
    data = encode(make_upright(64, 64), kind, orientation=1, xmp=secret)
    assert secret in data
    command = [sys.executable, str(isolated.PROGRAM), kind, str(isolated.MAX_MEMORY), "2"]
    answer = subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout
    first, second, pixels = answer.split(b"\n", 2)
    assert (first, second) == (b"size 64 64", b"pixels 64 64 RGB 1")
    assert len(pixels) == 64 * 64 * 3


@pytest.mark.parametrize("kind", KINDS)
def test_boxes_turn_a_picture_and_its_tag_does_not(kind: str):
    stored = store(make_upright(64, 96), 6)
    data = encode(stored, kind, orientation=6)
    assert decode(data).shape == (64, 96, 3)
    unturned = data.replace(b"irot\x03", b"irot\0")
    assert unturned != data
    assert decode(unturned).shape == stored.shape


@pytest.mark.parametrize("kind", KINDS)
def test_grey_with_transparency_lies_on_white(kind: str):
    grey = Image.new("LA", (64, 64), (0, 0))
    assert decode(encode(grey, kind)).min() == 255


def test_memory_is_bounded_and_the_refusal_says_what_to_do():
    for data in (heic_of_ten_bits(6000, 4000), large("AVIF", 6000, 4000, subsampling="4:4:4")):
        with pytest.raises(RefusedImage, match="more memory than is allowed .* save it as a JPEG"):
            decode(data)


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_beyond_the_limit_is_read_with_more_memory(kind: str, monkeypatch: pytest.MonkeyPatch):
    data = large(kind, 2000, 2000)
    assert decode(data).shape == (2000, 2000, 3)
    monkeypatch.setattr(isolated, "MAX_MEMORY", 34_000_000)
    with pytest.raises(RefusedImage, match="memory"):
        decode(data)


def test_processor_time_is_bounded(run_instead):
    limited, rest = isolated.PROGRAM.read_text(encoding="utf-8").split("    decode = {")
    run_instead(f"{limited}    while True: pass\n    decode = {{{rest}")
    with pytest.raises(RefusedImage, match="more time than is allowed"):
        decode(encode(make_upright(), "AVIF"))


@pytest.mark.parametrize("asleep", ["", READ_ALL, READ_ALL + "print('size 64 64', flush=True)\n"])
def test_a_process_that_waits_is_ended_at_its_deadline(asleep: str, run_instead, monkeypatch: pytest.MonkeyPatch):
    run_instead(asleep + "import time; time.sleep(60)\n")
    monkeypatch.setattr(isolated, "MAX_S", 0.5)
    began = time.monotonic()
    with pytest.raises(RefusedImage, match="more time than is allowed"):
        decode(encode(make_upright(), "AVIF") + bytes(1_000_000))
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "end", ["os.abort()", "os.kill(os.getpid(), 11)", "print('pixels', flush=True); os.kill(os.getpid(), 11)"]
)
def test_a_decoder_that_crashes_is_logged_and_its_file_refused(end: str, run_instead, caplog: pytest.LogCaptureFixture):
    run_instead(f"import os\n{READ_ALL}{end}\n")
    with pytest.raises(RefusedImage, match="damaged"):
        decode(encode(make_upright(), "AVIF"))
    (entry,) = caplog.records
    assert entry.levelname == "WARNING"
    assert entry.getMessage() in ("the decoder died: reason=SIGABRT", "the decoder died: reason=SIGSEGV")


def test_pixels_that_end_too_early_are_refused(run_instead):
    run_instead(READ_ALL + "print('size 4 4\\npixels 4 4 RGB 1\\nabc', flush=True)\nimport os; os.abort()\n")
    with pytest.raises(RefusedImage, match="damaged"):
        decode(encode(make_upright(), "AVIF"))


@pytest.mark.parametrize("line", ["size 6000 5000", "size 64 64\\npixels 6000 5000 RGB 1"])
def test_size_is_checked_before_and_after_decoding(line: str, run_instead):
    run_instead(f"{READ_ALL}print('{line}', flush=True)\nimport time; time.sleep(60)\n")
    began = time.monotonic()
    with pytest.raises(RefusedImage, match=r"30\.0 megapixels"):
        decode(encode(make_upright(), "AVIF"))
    assert time.monotonic() - began < 5


def test_strange_mistakes_of_a_decoder_are_logged(run_instead, caplog: pytest.LogCaptureFixture):
    run_instead(READ_ALL + "print('failed TypeError')\n")
    with pytest.raises(RefusedImage, match="damaged"):
        decode(encode(make_upright(), "AVIF"))
    assert [entry.getMessage() for entry in caplog.records] == ["the decoder failed: reason=TypeError"]


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ValueError("cut"), "failed damaged"),
        (RuntimeError("Pixel allocation failed: Out of memory"), "failed memory"),
        (MemoryError(), "failed memory"),
        (TypeError("x"), "failed TypeError"),
    ],
)
def test_the_program_says_what_went_wrong(error: Exception, line: str, monkeypatch: pytest.MonkeyPatch):
    def fail(data: bytes):
        yield f"size {len(data)} 1", None
        raise error

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x")))
    assert list(decoder_process._catch(fail)) == [("size 1 1", None), (line, None)]


def test_a_program_that_cannot_begin_is_our_mistake(run_instead):
    run_instead("import no_such_decoder\n")
    with pytest.raises(RuntimeError, match="status 1"):
        decode(encode(make_upright(), "AVIF"))


def test_a_process_that_the_system_kills_means_lack_of_memory(run_instead):
    run_instead("import os\nos.kill(os.getpid(), 9)\n")
    with pytest.raises(OutOfMemory):
        decode(encode(make_upright(), "AVIF"))


@pytest.mark.parametrize("number", [errno.EAGAIN, errno.ENOMEM])
def test_no_room_for_a_process_means_lack_of_memory(number: int, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    with pytest.raises(OutOfMemory):
        decode(encode(make_upright(), "AVIF"))


def test_a_limit_that_a_system_does_not_know_is_left_out(monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object) -> None:
        raise ValueError("not on this system")

    monkeypatch.setattr(resource, "setrlimit", refuse)
    decoder_process._limit(resource.RLIMIT_DATA, 1)


def test_no_process_is_left():
    before = own_children()
    decode(encode(make_upright(), "AVIF"))
    with pytest.raises(RefusedImage):
        decode(large("HEIF", 6000, 5000))
    assert own_children() == before


def own_children() -> str:
    """Return the processes that this thread has started; other tests' servers are among them."""
    return Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text(encoding="ascii")
