"""Darknet's three files to a model that answers. Loads no torch unless PyTorch is what computes it."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from api.models.converted.files import ConvertedFiles
from api.models.converted.source import Source, read_source, read_source_graph
from api.models.darknet.files import ModelFiles
from api.models.engines.cores import Cores
from api.models.findings import Finding
from api.models.model import Model
from api.models.options import RunOptions


def read_model(name: str, folder: Path, options: RunOptions, cores: Cores) -> Model:
    """Read `name`'s cfg, weights and names in `folder`. Raises ModelError."""
    return read_source(_source(name, folder), options, cores)


def read_graph(name: str, folder: Path, options: RunOptions, cores: Cores) -> tuple[ConvertedFiles, str]:
    """Return the model converted for OpenVINO, and the hash of its own files. Raises ModelError."""
    return read_source_graph(_source(name, folder), options, cores)


def check(name: str, folder: Path) -> Iterator[Finding]:
    """Look through the three files without computing anything; see `Format`."""
    yield from import_module("api.models.darknet.check").check_model(name, folder)


def describe(name: str, folder: Path) -> str:
    """Return a table of the layers, and what they cost. Raises ModelError."""
    checks = import_module("api.models.darknet.check")
    network = import_module("api.models.darknet.network").read_network(ModelFiles(name, folder).cfg)
    return str(checks.format_costs(checks.measure_costs(network)))


def _source(name: str, folder: Path) -> Source:
    return Source(name, folder, "api.models.darknet.definition", ModelFiles(name, folder).present())
