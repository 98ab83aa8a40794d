"""scripts/release_notes.py: one version everywhere, and words for it."""

import subprocess
import sys

from api.version import VERSION
from scripts.release_notes import PROJECT, notes_of, versions

CHANGELOG = """# Changelog

## [Unreleased]

- soon

## [1.2.0] - 2026-01-02

### Added

- more

## [1.1.0] - 2025-01-02
"""


def run(tag: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, PROJECT / "scripts" / "release_notes.py", tag]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_all_files_name_the_same_version():
    assert set(versions(PROJECT).values()) == {VERSION}


def test_this_version_has_notes():
    done = run(f"v{VERSION}")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("### ")


def test_another_tag_is_refused():
    done = run("v99.0.0")
    assert done.returncode == 1
    assert f"The tag says 99.0.0, api/version.py says {VERSION}." in done.stderr


def test_notes_are_those_of_the_version_alone():
    assert notes_of("1.2.0", CHANGELOG) == "### Added\n\n- more"
    for missing in ("1.1.0", "1.2", "1.2.00", "Unreleased"):
        assert notes_of(missing, CHANGELOG) == ""
