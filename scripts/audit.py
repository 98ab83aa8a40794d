"""Ask pip-audit and npm audit what is known against the packages of requirements/ and package-lock.json.

Usage: `make audit`. Status 0: nothing is known; 1: something is; 3: a service did not answer about all packages, which
pip-audit alone would report as nothing known.
"""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
LIMIT_S = 300
PIP_AUDIT = ("--disable-pip", "--require-hashes", "--timeout", "10", "--progress-spinner", "off", "--format", "json")


@dataclass(frozen=True, slots=True)
class Audit:
    """What was learnt about the packages of one language. `known` has a line for each package with something wrong."""

    asked: int
    answered: int
    known: list[str] = field(default_factory=list)
    obstacle: str = ""


def main() -> None:
    """Audit both, say what was found, end with its status."""
    audits = {"Python": audit_python(), "npm": audit_npm()}
    for language, audit in audits.items():
        print(describe(language, audit))
    if any(audit.known for audit in audits.values()):
        sys.exit(1)
    sys.exit(0 if all(audit.answered == audit.asked for audit in audits.values()) else 3)


def audit_python() -> Audit:
    """Ask about each package of each group once."""
    files = [word for path in sorted((PROJECT / "requirements").glob("*.txt")) for word in ("--requirement", str(path))]
    return read_pip_audit(ask(str(Path(sys.executable).parent / "pip-audit"), *PIP_AUDIT, *files))


def audit_npm() -> Audit:
    """Ask about what builds the page and what it is built of."""
    locked = json.loads((PROJECT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    return read_npm_audit(ask("npm", "audit", "--json", "--package-lock-only"), packages=len(locked) - 1)


def ask(*command: str) -> dict[str, Any]:
    """Return the JSON that a program prints, whatever its status; what is not JSON is an obstacle."""
    try:
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=LIMIT_S)  # noqa: S603
    except (subprocess.TimeoutExpired, OSError) as error:
        return {"message": str(error)}
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        return {"message": (done.stderr.strip().splitlines() or ["it says nothing"])[-1]}
    return answer


def read_pip_audit(answer: dict[str, Any]) -> Audit:
    """Read the report of pip-audit, in which a package that could not be looked up has a `skip_reason`."""
    packages = {package["name"]: package for package in answer.get("dependencies", [])}
    known = [
        f"{name} {package['version']}: {', '.join(vulnerability['id'] for vulnerability in package['vulns'])}"
        for name, package in packages.items()
        if package.get("vulns")
    ]
    reasons = [package["skip_reason"] for package in packages.values() if "skip_reason" in package]
    obstacle = answer.get("message") or next(iter(reasons), "")
    return Audit(max(1, len(packages)), len(packages) - len(reasons), known, obstacle)


def read_npm_audit(answer: dict[str, Any], *, packages: int) -> Audit:
    """Read the report of npm audit; it knows of all packages or of none."""
    if "vulnerabilities" not in answer:
        return Audit(packages, 0, obstacle=str(answer.get("message", "it says nothing")))
    known = [f"{name} {found['range']}: {found['severity']}" for name, found in answer["vulnerabilities"].items()]
    return Audit(packages, packages, known)


def describe(language: str, audit: Audit) -> str:
    """Say what was learnt, for a person."""
    lines = [f"{language}: {len(audit.known)} of {audit.answered} packages have known vulnerabilities", *audit.known]
    if audit.answered < audit.asked:
        lines.append(f"{audit.asked - audit.answered} packages could not be looked up: {audit.obstacle}")
    return "\n  ".join(lines)


if __name__ == "__main__":
    main()
