"""From a name and a folder to a model, whatever format it is in."""

from importlib import import_module
from pathlib import Path

from api.models.engines.cores import Cores
from api.models.formats import find_format
from api.models.model import Model
from api.models.options import RunOptions


def load_model(name: str, folder: Path, options: RunOptions | None = None, cores: Cores | None = None) -> Model:
    """Return the model, warm. Raises ModelError."""
    reader = import_module(find_format(name, folder).reader)  # this imports what computes it, such as torch
    model: Model = reader.read_model(name, folder, options or RunOptions(), cores or Cores(1))
    model.warm_up()
    return model
