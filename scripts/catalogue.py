#!/usr/bin/env python3
"""What `weights/catalogue.toml` says, a line for each thing that the shell scripts beside this one ask for.

Needs only Python 3.11, no packages. Usage: catalogue.py COMMAND

names                   the models' names
files MODEL             the names of the files that are fetched for it
sources MODEL           a line for each source of each file, in order, with `-` for what it does not have: name,
                        original name, bytes, sha256 or its first digits, kind (url, pypi or npm), address or
                        package, the package's bytes and sha256, the file in it, that file's sha256, the script that
                        converts it
steps MODEL FOLDER      the names of the models that a chain in FOLDER runs, and chains in it; nothing of another model
pack MODELS FOLDER      the names of the files in FOLDER that these models need (commas between), in whatever format,
                        with those of the steps of chains, and what their descriptions name
describe MODEL FOLDER   write what belongs beside its files into FOLDER, never over what is there
table FOLDER            all models for a reader, and whether FOLDER has them

PAGESIGHT_CATALOGUE names another catalogue.
"""

import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

WEIGHTS = Path(__file__).resolve().parents[1] / "weights"
COLUMNS = ("{:<30}", "{:<15}", "{:>5}  ", "{:<27}", "{:<15}", "{}")
ENDINGS = (
    *("cfg", "weights", "names", "onnx", "tflite", "pth", "safetensors", "xml", "bin", "json"),
    *("toml", "torchvision.toml", "reader.toml", "chain.toml"),
)
DESCRIPTIONS = ("toml", "torchvision.toml", "reader.toml")
LABELS = "coco.names"  # of any model that does not say otherwise
NAME = re.compile(r"\w[\w.-]*", re.ASCII)  # of a model that can be fetched
PACKAGE = ("bytes", "sha256", "member", "member_sha256", "converter")


def read_catalogue() -> dict[str, Any]:
    """Return the catalogue, a table for each model."""
    try:
        import tomllib
    except ModuleNotFoundError:
        version = sys.version.split()[0]
        raise SystemExit(f"Python 3.11 or newer is needed, and this is {version} (PYTHON=... names another).") from None
    path = Path(os.environ.get("PAGESIGHT_CATALOGUE") or WEIGHTS / "catalogue.toml")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SystemExit(f"{path.name} cannot be read: {error}") from error


def files_of(model: Mapping[str, Any]) -> list[str]:
    """Return the names of a model's files, each once."""
    return list(dict.fromkeys(file["name"] for file in model["files"]))


def sources_of(model: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Yield the fields of each source, as `sources` prints them."""
    for file in model["files"]:
        sha256 = file.get("sha256") or file["sha256_prefix"]
        known = (file["name"], file.get("original", file["name"]), str(file["bytes"]), sha256)
        for source in file["sources"]:
            if isinstance(source, str):
                yield (*known, "url", source, *("-" for _ in PACKAGE))
            else:
                kind = "pypi" if "pypi" in source else "npm"
                yield (*known, kind, source[kind], *(str(source.get(key, "-")) for key in PACKAGE))


def describe(model: Mapping[str, Any], folder: Path) -> list[str]:
    """Write what belongs beside a model's files into `folder`, and return the names of what was not there."""
    written = []
    for name in model.get("needs", ()):
        if not (folder / name).exists():
            shutil.copyfile(WEIGHTS / name, folder / name)
            written.append(name)
    for name, text in model.get("beside", {}).items():
        if not (folder / name).exists():
            (folder / name).write_text(text, encoding="utf-8")
            written.append(name)
    return written


def steps_of(name: str, folder: Path) -> list[str]:
    """Return what the chain `name` and the chains in it run, each once; what cannot be read is passed over."""
    import tomllib

    found = [name]
    for known in found:  # which grows meanwhile
        try:
            chain = tomllib.loads((folder / f"{known}.chain.toml").read_text(encoding="utf-8-sig"))
        except (OSError, ValueError):
            continue
        steps = chain.get("step")
        runs = [step.get("run") for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []
        for run in runs:
            if isinstance(run, str) and NAME.fullmatch(run) and run not in found:
                found.append(run)
    return found[1:]


def pack(names: list[str], folder: Path) -> list[str]:
    """Return the names of the files that are there of these models, and of the models that chains among them run."""
    models = dict.fromkeys(one for name in names for one in (name, *steps_of(name, folder)))
    files = [f"{name}.{ending}" for name in models for ending in ENDINGS]
    files += [f"{name}-int8.{ending}" for name in models for ending in ("xml", "bin", "json")]
    files += [file for name in models for ending in DESCRIPTIONS for file in _named_in(folder / f"{name}.{ending}")]
    return sorted({file for file in (*files, LABELS) if (folder / file).is_file()})


def _named_in(description: Path) -> list[str]:
    """Return the texts of a model's description that may be names of files beside it."""
    import tomllib

    try:
        values = tomllib.loads(description.read_text(encoding="utf-8-sig")).values()
    except (OSError, ValueError):
        return []
    return [value for value in values if isinstance(value, str) and Path(value).name == value]


def table(catalogue: Mapping[str, Any], folder: Path) -> Iterator[str]:
    """Yield the lines of a table of all models, at most 100 columns wide."""
    titles = ("name", "task", "MB", "accuracy, as published", "licence", "here")
    yield "".join(column.format(title) for column, title in zip(COLUMNS, titles, strict=True))
    for name, model in catalogue.items():
        sizes = {file["name"]: file["bytes"] for file in reversed(model["files"])}
        here = all((folder / file).is_file() for file in sizes)
        values = (
            name,
            model["task"],
            f"{sum(sizes.values()) / 1e6:.1f}",
            model.get("accuracy", "not published"),
            model["licence"],
            "yes" if here else "no",
        )
        yield "".join(column.format(value) for column, value in zip(COLUMNS, values, strict=True))
    yield ""
    yield "MODEL=name make run fetches a model that is not here, and serves it; MODEL=name,name serves several."
    yield "A model of yours: put its file into weights/, and MODEL=its-name make run serves it."


def main(command: str, *arguments: str) -> int:
    """Do what the command asks for."""
    catalogue = read_catalogue()
    if command == "names":
        print(*catalogue, sep="\n")
    elif command == "table":
        print(*table(catalogue, Path(*arguments)), sep="\n")
    elif command == "steps":
        print(*steps_of(arguments[0], Path(arguments[1])), sep="\n")
    elif command == "pack":
        print(*pack(arguments[0].split(","), Path(arguments[1])), sep="\n")
    elif arguments[0] not in catalogue:
        print(f"There is no model {arguments[0]} to fetch; it is one of: {' '.join(catalogue)}", file=sys.stderr)
        return 2
    elif command == "files":
        print(*files_of(catalogue[arguments[0]]), sep="\n")
    elif command == "sources":
        print(*(" ".join(fields) for fields in sources_of(catalogue[arguments[0]])), sep="\n")
    elif command == "describe":
        print(*describe(catalogue[arguments[0]], Path(arguments[1])), sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
