"""Write requirements/*.txt from the groups of pyproject.toml: each package with the hashes of all its release's files.

Usage: `make lock`. The files hold for Linux and macOS and every Python that pyproject.toml allows, so pip takes from an
index what was locked here, or nothing. PyTorch's CPU builds are not on the package index: torch.txt has the index's
builds of the same version, with the CUDA libraries that only these need. OpenVINO is not built for every system that
PyTorch is built for, so it has a file too. scripts/setup_python.sh chooses.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
FOLDER = PROJECT / "requirements"
GROUPS = ("pip", "runtime", "video", "jobs", "dev", "evaluate", "quantize", "site", "telegram", "audit")
TORCH_FAMILY = re.compile(r"(torch|torchvision|triton|cuda-|nvidia-)")
CHOSEN = re.compile(rf"{TORCH_FAMILY.pattern}|openvino$")
HEADER = "# Written by `make lock` from pyproject.toml ({source}); every file is believed by its sha256 alone.\n"


def main() -> None:
    """Resolve all groups together, so that they agree, then write a file for each."""
    pins = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        together = Path(scratch) / "together.txt"
        together.write_text(compile_locks(*groups_of(*GROUPS)))
        locks = {group: split(compile_locks(*groups_of(group), "--constraints", str(together))) for group in GROUPS}
        peers = Path(scratch) / "bench.in"
        peers.write_text("\n".join(pin for pin in pins["bench"] if isinstance(pin, str)))
        locks["bench"] = split(compile_locks(str(peers), "--no-deps"))
    for group, lock in locks.items():
        write(group, f"the group {group}", {name: text for name, text in lock.items() if not CHOSEN.match(name)})
    torch = {name: text for name, text in locks["runtime"].items() if TORCH_FAMILY.match(name)}
    write("torch", "PyTorch, where its CPU build is not taken", torch)
    write("openvino", "OpenVINO, where there is a build of it", {"openvino": locks["runtime"]["openvino"]})


def groups_of(*names: str) -> list[str]:
    """Return the arguments that make uv read these groups of pyproject.toml."""
    return [word for name in names for word in ("--group", name)]


def compile_locks(*arguments: str) -> str:
    """Return what uv resolves, as a requirements file."""
    uv = Path(sys.executable).parent / "uv"
    words = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate", "--quiet")
    command = [str(uv), "pip", "compile", *words, *arguments]
    return subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True).stdout  # noqa: S603


def split(lock: str) -> dict[str, str]:
    """Return the entries of a requirements file by name; several of one name, for several Pythons, are one text."""
    entries: dict[str, str] = {}
    for entry in re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE):
        if entry.strip():
            name = entry.partition("==")[0]
            entries[name] = entries.get(name, "") + entry
    return entries


def write(name: str, source: str, entries: dict[str, str]) -> None:
    """Write one file of requirements/."""
    (FOLDER / f"{name}.txt").write_text(HEADER.format(source=source) + "".join(entries.values()))


if __name__ == "__main__":
    main()
