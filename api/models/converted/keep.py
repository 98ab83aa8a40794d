"""Converted models on the disk: found by what they were made of, or made by a process of its own.

`FOLDER/NAME/HASH/` holds a graph, its card, and which precision is the quickest on each processor it has been on.
The hash is that of the model's files, of the code that reads them and of OpenVINO's version, so nothing is ever stale;
the folder can be deleted at any time.
"""

import atexit
import hashlib
import json
import logging
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from api.models.converted.files import ConvertedFiles, content_hash
from api.models.converted.report import follow
from api.models.converted.trial import Trial, trial_name
from api.models.errors import ModelError

logger = logging.getLogger(__name__)

MODELS = Path(__file__).parents[1]  # the code that a conversion depends on
LIMIT_S = 900.0
HALF_MADE = ".part"
SIGNALLED = 128  # an exit status above it is that of a signal, as a shell says it


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be made. `content`: the hash of the model's files, which have `size` bytes.

    `trial`: whether precisions are tried here, too.
    """

    name: str
    folder: Path
    definition: str
    content: str
    size: int
    threads: int
    trial: bool
    int8: ConvertedFiles | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A model that is there. `trial` None: it was not asked for."""

    files: ConvertedFiles
    trial: Trial | None


def keep(order: Order, folder: Path) -> Kept:
    """Return the converted model, and make what is missing of it, with progress in the log. Raises ModelError."""
    home = folder / order.name / _key(order.content)
    trial = home / trial_name(order.threads, order.int8) if order.trial else None
    has_files = ConvertedFiles(home, order.name).card.is_file()
    if not has_files or (trial and not trial.is_file()):
        obstacle = _why_not_written(home.parent)
        if obstacle:
            what = "its precisions are tried" if has_files else "it is converted"
            logger.warning("%s cannot be written (%s): for %s, %s at each start", folder, obstacle, order.name, what)
            spare = _temporary_folder() / home.name
            home, trial = home if has_files else spare, trial and spare / trial.name
        _make(order, home, trial)
        _forget_others(home)
    return Kept(ConvertedFiles(home, order.name), Trial.read(trial) if trial else None)


def _key(content: str) -> str:
    return hashlib.sha256(f"{content} {_code_hash()} {version('openvino')}".encode()).hexdigest()[:32]


@cache
def _code_hash() -> str:
    return content_hash(sorted(MODELS.rglob("*.py")))


def _why_not_written(folder: Path) -> str:
    """Return why nothing can be written into a folder, which is made if it is not there; nothing if it can be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        return error.strerror or str(error)


def _temporary_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="pagesight-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _make(order: Order, home: Path, trial: Path | None) -> None:
    """Let a process of its own make what is missing: PyTorch's memory ends with it."""
    words = {**asdict(order), "folder": str(order.folder), "home": str(home), "trial": trial and str(trial)}
    words["int8"] = str(order.int8.graph) if order.int8 else None
    command = [sys.executable, "-m", "api.models.converted.make", json.dumps(words)]
    with subprocess.Popen(command, cwd=MODELS.parents[1], stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        limit = threading.Timer(LIMIT_S, process.kill)
        limit.start()
        error = ""
        for kind, text in follow(process.stdout or ()):
            if kind == "error":
                error = text
            else:
                logger.info("%s: %s", order.name, text)
        status = process.wait()
        limit.cancel()
    if error:
        raise ModelError(error)
    if status:
        raise ModelError(f"{order.name} could not be converted: {_describe_end(status)}")


def _describe_end(status: int) -> str:
    """Say how a process ended, by its exit status."""
    number = -status if status < 0 else status - SIGNALLED
    if number <= 0:
        return f"it ended with {status}"
    if number == signal.SIGKILL:
        return f"it was killed, by lack of memory or after {LIMIT_S:.0f} s"
    return f"what reads it crashed ({signal.Signals(number).name}); are its files damaged?"


def _forget_others(home: Path) -> None:
    """Remove the conversions of other files and of other code, and what was left half made.

    A server that has one of them open keeps it until it ends.
    """
    for other in home.parent.iterdir():
        with suppress(FileNotFoundError):  # another process has just finished it
            is_being_made = other.suffix == HALF_MADE and time.time() - other.stat().st_mtime < LIMIT_S
            if other != home and not is_being_made:
                shutil.rmtree(other, ignore_errors=True)
