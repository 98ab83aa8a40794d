"""Pagesight's whole server, gunicorn and all, as the benchmarks start it: with a queue that refuses nobody here."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.settings import PREFIX, Settings
from benchmarks.model_files import BenchmarkFiles
from harness.gunicorn_server import GunicornServer, running_server

NOBODY_REFUSED = {"QUEUE": "32", "LOG_LEVEL": "WARNING"}


@contextmanager
def serving(files: BenchmarkFiles, precision: str, converted: Path | None = None) -> Iterator[GunicornServer]:
    """Give a server with this model, ready. `converted`: its folder of converted models, if not that of the files."""
    settings = {
        "WEIGHTS_DIR": str(files.folder),
        "CONVERTED_DIR": str(converted or files.converted),
        "MODEL": files.quantized.stem if precision == "int8" else files.name,
        "PRECISION": precision,
        **NOBODY_REFUSED,
    }
    with running_server(**{PREFIX + name: value for name, value in settings.items()}) as server:
        yield server


def environment_of(settings: Settings) -> dict[str, str]:
    """Return the owner's variables, as `make run` has them."""
    given = {name: value for name, value in os.environ.items() if name.startswith(PREFIX)}
    ours = {PREFIX + name: value for name, value in NOBODY_REFUSED.items()}
    return {**given, PREFIX + "MODEL": settings.model, **ours}
