"""scripts/download_examples.sh: upstream first, Debian's package when that cannot be reached."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.scripts.conftest import RunScript
from tests.scripts.mirror import Mirror, altered, closed_url

PHOTOGRAPHS = {"dog.jpg": b"\xff\xd8 a dog" * 900, "kite.jpg": b"\xff\xd8 a kite" * 700}


class Examples:
    """A folder for two photographs, a table of their sources and a stand-in for apt-get."""

    def __init__(self, folder: Path, run_script: RunScript) -> None:
        self.directory = folder / "examples"
        self.installed = folder / "installed"
        self.installed.mkdir()
        self.table = folder / "sources.txt"
        self.commands = folder / "bin"
        self.commands.mkdir()
        self.run_script = run_script
        self.apt_get("exit 100")

    def apt_get(self, *lines: str) -> None:
        command = self.commands / "apt-get"
        command.write_text("#!/bin/bash\n" + "".join(line + "\n" for line in lines))
        command.chmod(0o755)

    def run(self, sources: dict[str, str]) -> tuple[int, str]:
        """Return the exit status and what was said on stderr; stdout must stay empty."""
        rows = [
            f"{name} {len(content)} {hashlib.sha256(content).hexdigest()} {sources[name]}\n"
            for name, content in PHOTOGRAPHS.items()
        ]
        self.table.write_text("# a comment\n" + "".join(rows))
        done = self.run_script(
            "download_examples.sh",
            str(self.directory),
            PATH=f"{self.commands}:{os.environ['PATH']}",
            PAGESIGHT_EXAMPLES_TABLE=str(self.table),
            PAGESIGHT_DARKNET_DATA=str(self.installed),
        )
        assert done.stdout == ""
        return done.returncode, done.stderr

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.directory.iterdir()}


@pytest.fixture
def examples(tmp_path: Path, run_script: RunScript) -> Examples:
    return Examples(tmp_path, run_script)


@pytest.fixture
def upstream(mirror: Mirror) -> Mirror:
    mirror.files.update(PHOTOGRAPHS)
    return mirror


def urls(mirror: Mirror, behaviour: str = "good") -> dict[str, str]:
    return {name: mirror.url(behaviour, name) for name in PHOTOGRAPHS}


def nowhere() -> dict[str, str]:
    return dict.fromkeys(PHOTOGRAPHS, closed_url())


def test_fetches_the_photographs_and_asks_nobody_the_second_time(examples: Examples, upstream: Mirror) -> None:
    assert examples.run(urls(upstream))[0] == 0
    assert examples.files() == PHOTOGRAPHS
    upstream.requests.clear()

    assert examples.run(urls(upstream)) == (0, "The example photographs are in place.\n")
    assert upstream.requests == []


def test_leaves_the_owners_photographs_alone(examples: Examples, upstream: Mirror) -> None:
    examples.directory.mkdir()
    (examples.directory / "My helmet.JPG").write_bytes(b"\xff\xd8 a helmet")
    status, said = examples.run(urls(upstream))
    assert status == 0
    assert said == f"The page shows the photographs in {examples.directory}.\n"
    assert list(examples.files()) == ["My helmet.JPG"]
    assert upstream.requests == []


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        ("html", "a web page instead of the file"),
        ("short", "expected 6300 bytes, found 6299"),
        ("altered", "altered: expected sha256"),
        ("missing", "it answers HTTP 404"),
    ],
)
def test_leaves_no_bad_photograph(examples: Examples, upstream: Mirror, behaviour: str, reason: str) -> None:
    good = urls(upstream)

    status, said = examples.run(good | {"kite.jpg": upstream.url(behaviour, "kite.jpg")})

    assert (status, examples.files()) == (1, {"dog.jpg": PHOTOGRAPHS["dog.jpg"]})
    assert f"kite.jpg from 127.0.0.1:{upstream.server_port}: {reason}" in said
    assert said.splitlines()[-1].startswith("Not all example photographs could be had (missing: kite.jpg)")


def test_asks_an_unreachable_host_only_once(examples: Examples) -> None:
    status, said = examples.run(nowhere())

    assert (status, examples.files()) == (1, {})
    assert said.count("it refuses the connection") == 1


def test_replaces_an_altered_photograph(examples: Examples, upstream: Mirror) -> None:
    examples.directory.mkdir()
    (examples.directory / "dog.jpg").write_bytes(altered(PHOTOGRAPHS["dog.jpg"]))

    assert examples.run(urls(upstream))[0] == 0
    assert examples.files() == PHOTOGRAPHS


def test_copies_from_an_installed_darknet_what_is_right_there(examples: Examples, upstream: Mirror) -> None:
    (examples.installed / "dog.jpg").write_bytes(PHOTOGRAPHS["dog.jpg"])
    (examples.installed / "kite.jpg").write_bytes(altered(PHOTOGRAPHS["kite.jpg"]))

    assert examples.run(nowhere())[0] == 1
    assert examples.files() == {"dog.jpg": PHOTOGRAPHS["dog.jpg"]}

    assert examples.run(urls(upstream))[0] == 0
    assert examples.files() == PHOTOGRAPHS
    assert [request.path for request in upstream.requests] == ["/good/kite.jpg"]


@pytest.fixture
def debian_package(tmp_path: Path) -> Path:
    """Return a package as Debian's, with the photographs inside."""
    if not shutil.which("dpkg-deb"):
        pytest.skip("dpkg-deb is not here")
    root = tmp_path / "package"
    data = root / "usr/share/darknet/data"
    data.mkdir(parents=True)
    for name, content in PHOTOGRAPHS.items():
        (data / name).write_bytes(content)
    control = root / "DEBIAN"
    control.mkdir(mode=0o755)
    (control / "control").write_text(
        "Package: darknet\nVersion: 1\nArchitecture: all\nMaintainer: Nobody <nobody@example.org>\nDescription: test\n"
    )
    path = tmp_path / "darknet_1_all.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-b", root, path], check=True, capture_output=True)
    return path


def test_unpacks_debians_package_when_upstream_cannot_be_reached(examples: Examples, debian_package: Path) -> None:
    examples.apt_get(f'cp "{debian_package}" .')

    assert examples.run(nowhere())[0] == 0
    assert examples.files() == PHOTOGRAPHS


def test_fetches_package_lists_of_its_own_where_the_system_has_none(examples: Examples, debian_package: Path) -> None:
    examples.apt_get(
        "for last; do :; done; lists=",
        "for option; do case $option in Dir::State::Lists=*) lists=${option#*=} ;; esac; done",
        '[ "$last" != update ] || { touch "$lists/fetched"; exit; }',
        f'[ -e "$lists/fetched" ] && cp "{debian_package}" .',
    )

    assert examples.run(nowhere())[0] == 0
    assert examples.files() == PHOTOGRAPHS
