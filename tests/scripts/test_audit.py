"""scripts/audit.py: what is known is told, and what could not be asked is never taken for nothing known."""

import sys

import pytest

from scripts.audit import Audit, ask, describe, read_npm_audit, read_pip_audit

SKIPPED = {"name": "b", "skip_reason": "Dependency not found"}
CLEAN = {"name": "a", "version": "1", "vulns": []}
VULNERABLE = {"name": "c", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}


@pytest.mark.parametrize(
    ("answer", "audit"),
    [
        ({"dependencies": [CLEAN]}, Audit(1, 1)),
        ({"dependencies": [CLEAN, CLEAN, VULNERABLE]}, Audit(2, 2, ["c 2: PYSEC-1"])),
        ({"dependencies": [CLEAN, SKIPPED]}, Audit(2, 1, obstacle="Dependency not found")),
        ({"message": "no such host"}, Audit(1, 0, obstacle="no such host")),
    ],
)
def test_reads_what_pip_audit_says(answer: dict, audit: Audit):
    assert read_pip_audit(answer) == audit


def test_reads_what_npm_audit_says():
    assert read_npm_audit({"vulnerabilities": {}}, packages=7) == Audit(7, 7)
    found = {"vulnerabilities": {"a": {"range": "<2", "severity": "high"}}}
    assert read_npm_audit(found, packages=7) == Audit(7, 7, ["a <2: high"])
    assert read_npm_audit({"message": "405"}, packages=7) == Audit(7, 0, obstacle="405")


def test_a_program_that_prints_no_json_is_an_obstacle():
    assert ask(sys.executable, "-c", "import sys; sys.exit('no network')") == {"message": "no network"}
    assert "no-such-program" in ask("no-such-program")["message"]


def test_says_how_many_packages_nobody_told_about():
    text = describe("npm", Audit(7, 0, obstacle="405"))
    assert text == "npm: 0 of 0 packages have known vulnerabilities\n  7 packages could not be looked up: 405"
