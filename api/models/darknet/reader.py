"""Darknet's three files to a model that answers. Loads no torch unless PyTorch is what computes it."""

from pathlib import Path

from api.models.converted.torch_defined import TorchDefined, read_torch_defined
from api.models.darknet.files import ModelFiles
from api.models.engines.cores import Cores
from api.models.model import Model
from api.models.options import RunOptions


def read_model(name: str, folder: Path, options: RunOptions, cores: Cores) -> Model:
    """Read `name`'s cfg, weights and names in `folder`. Raises ModelError."""
    source = TorchDefined(name, folder, "api.models.darknet.definition", ModelFiles(name, folder).present())
    return read_torch_defined(source, options, cores)
