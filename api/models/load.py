"""From a name and a folder to a model, whatever format it is in."""

import re
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from api.models.engines.cores import Cores
from api.models.formats import CHAIN, find_format
from api.models.model import Model
from api.models.options import RunOptions


def load_model(name: str, folder: Path, options: RunOptions | None = None, cores: Cores | None = None) -> Model:
    """Return the model, warm. Raises ModelError."""
    return model_loader(folder, options, cores)(name)


def model_loader(folder: Path, options: RunOptions | None = None, cores: Cores | None = None) -> Callable[[str], Model]:
    """Return what loads a folder's models by their names, each once: chains share theirs with each other and with all.

    It raises ModelError. Not for several threads at once.
    """
    loaded: dict[str, Model] = {}

    def load(name: str) -> Model:
        if name not in loaded:
            before_mb = own_mb()
            model = read(name)
            model.warm_up()
            loaded[name] = replace(model, memory_mb=_grown_mb(before_mb))
        return loaded[name]

    def read(name: str) -> Model:
        kind = find_format(name, folder)
        reader = import_module(kind.reader)  # this imports what computes it, such as torch
        if kind is CHAIN:
            chain: Model = reader.read_chain(name, folder, load)
            return chain
        model: Model = reader.read_model(name, folder, options or RunOptions(), cores or Cores(1))
        return model

    return load


def complete_model(model: Model) -> Model:
    """Return the model once it is quick for several images at once, too. It serves meanwhile."""
    before_mb = own_mb()
    model.complete()
    return replace(model, memory_mb=_grown_mb(before_mb - (model.memory_mb or 0.0)))


def _grown_mb(before_mb: float) -> float | None:
    return max(0.0, round(own_mb() - before_mb, 1)) or None


def own_mb() -> float:
    """Return the memory that this process alone holds, without the files that it maps, in MB; 0 if it is not known."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    found = re.search(r"RssAnon:\s+(\d+) kB", status)
    return int(found[1]) * 1024 / 1e6 if found else 0.0
