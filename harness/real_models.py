"""The real models that the tests run: fetched when the tests are set up, each into a folder of its own.

`python -m harness.real_models` fetches them, as `make test` does: from the folder that PAGESIGHT_MIRROR names, from
their sources, and from the indexes of Python and npm. All are believed by their sha256. A test says
`folder = real_model("yolox-nano")`, and is skipped if the model is not there.
"""

import fcntl
import os
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from harness.gunicorn_server import PROJECT

FOLDER = PROJECT / ".venv" / ".test-models"
CATALOGUE = PROJECT / "weights" / "catalogue.toml"
TESTS_ONLY = PROJECT / "tests" / "models.toml"  # models that are never offered
OF_THE_CATALOGUE = ("yolox-nano", "faces", "deeplabv3", "mobilenet_v2", "read")  # those that are fetched for the tests
FETCH_LIMIT_S = 120  # for one model; a source that stays silent is given up much earlier


@cache
def real_model(name: str) -> Path:
    """Return the folder with the files of a model, by its name here or in the catalogue; skip the test without it.

    The folder is shared by all tests, and `converted` in it kept: copy the files to change them.
    """
    with _alone():
        if _download(name, "--offline"):
            return FOLDER / name
    file = _tables()[name][1]["files"][0]
    pytest.skip(
        f"the model {name} is not here: set PAGESIGHT_MIRROR to a folder with {file.get('original', file['name'])}, or"
        " connect to the internet, and run `python -m harness.real_models`"
    )


def link_models(folder: Path, *names: str) -> None:
    """Put links to several models into one folder, and to what is converted of them; skip the test without one."""
    (folder / "converted").mkdir()
    for name in names:
        own = real_model(name)
        (own / "converted" / name).mkdir(parents=True, exist_ok=True)
        (folder / "converted" / name).symlink_to(own / "converted" / name)
        for file in own.iterdir():
            if file.is_file() and not (folder / file.name).exists():  # coco.names may be there already
                (folder / file.name).symlink_to(file)


def _tables() -> dict[str, tuple[Path, dict[str, Any]]]:
    """Return what is said of each model, and the file that says it."""
    return {
        name: (path, table)
        for path in (CATALOGUE, TESTS_ONLY)
        for name, table in tomllib.loads(path.read_text(encoding="utf-8")).items()
    }


@contextmanager
def _alone() -> Iterator[None]:
    """Keep other processes of the tests from fetching at the same time."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _download(name: str, *options: str) -> bool:
    """See to it that a model's files are in its folder, with the descriptions of today; return whether they are."""
    path, table = _tables()[name]
    folder = FOLDER / name
    environment = {"PAGESIGHT_WEIGHTS_DIR": str(folder), "PAGESIGHT_CATALOGUE": str(path), "PYTHON": sys.executable}
    started = subprocess.Popen(
        [PROJECT / "scripts" / "download_weights.sh", *options, name],
        env=os.environ | environment,
        stderr=subprocess.DEVNULL if "--offline" in options else None,
        start_new_session=True,
    )
    try:
        done = started.wait(FETCH_LIMIT_S) == 0
    except subprocess.TimeoutExpired:
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()
        done = False
    for beside, text in table.get("beside", {}).items():
        if done and (folder / beside).read_text(encoding="utf-8") != text:
            (folder / beside).write_text(text, encoding="utf-8")
    return done


def main() -> None:
    with _alone():
        for name, (path, _) in _tables().items():
            if (path == TESTS_ONLY or name in OF_THE_CATALOGUE) and not _download(name, "--hurry"):
                print(f"pagesight: the tests go without the model {name}", file=sys.stderr)


if __name__ == "__main__":
    main()
