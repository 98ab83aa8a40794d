"""Print what CHANGELOG.md says of a version, as in `release_notes.py v0.1.0`, if all files agree on it.

`api/version.py`, `pyproject.toml`, `package.json` and its lock name the version; each must say the same as the tag.
"""

import json
import re
import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Print the notes, or end with what does not agree."""
    version = sys.argv[1].removeprefix("v")
    for place, found in versions(PROJECT).items():
        if found != version:
            sys.exit(f"The tag says {version}, {place} says {found}.")
    notes = notes_of(version, (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8"))
    if not notes:
        sys.exit(f"CHANGELOG.md has no section `## [{version}] - DATE`, or nothing in it.")
    print(notes)


def versions(project: Path) -> dict[str, str]:
    """Return the version that each file names, by the file."""
    return {
        "api/version.py": re.findall(r'VERSION = "(.+)"', (project / "api" / "version.py").read_text())[0],
        "pyproject.toml": tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"],
        "package.json": json.loads((project / "package.json").read_text(encoding="utf-8"))["version"],
        "package-lock.json": json.loads((project / "package-lock.json").read_text(encoding="utf-8"))["version"],
    }


def notes_of(version: str, changelog: str) -> str:
    """Return the text under a version's heading; empty if there is none."""
    heading = re.compile(rf"\[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d\n")
    sections = re.split(r"^## ", changelog, flags=re.MULTILINE)
    return next((heading.sub("", section).strip() for section in sections if heading.match(section)), "")


if __name__ == "__main__":
    main()
