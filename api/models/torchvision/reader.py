"""A model of torchvision to a model that answers. Loads no torch unless PyTorch is what computes it."""

from collections.abc import Iterator
from pathlib import Path

from api.models.converted.files import ConvertedFiles
from api.models.converted.source import Source, read_source, read_source_graph
from api.models.engines.cores import Cores
from api.models.findings import Finding, look_at_files
from api.models.model import Model
from api.models.options import RunOptions
from api.models.torchvision.files import ModelFiles


def read_model(name: str, folder: Path, options: RunOptions, cores: Cores) -> Model:
    """Read `NAME.torchvision.toml` and its weights in `folder`. Raises ModelError."""
    return read_source(_source(name, folder), options, cores)


def read_graph(name: str, folder: Path, options: RunOptions, cores: Cores) -> tuple[ConvertedFiles, str]:
    """Return the model converted for OpenVINO, and the hash of its own files. Raises ModelError."""
    return read_source_graph(_source(name, folder), options, cores)


def check(name: str, folder: Path) -> Iterator[Finding]:
    """Look whether the description can be read; see `Format`."""
    return look_at_files(lambda: ModelFiles(name, folder).present())


def describe(_name: str, _folder: Path) -> str:
    """Return nothing: the card has told it all."""
    return ""


def _source(name: str, folder: Path) -> Source:
    return Source(name, folder, "api.models.torchvision.definition", ModelFiles(name, folder).present())
