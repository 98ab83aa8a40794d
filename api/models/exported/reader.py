"""An exported file to a model that answers, computed by OpenVINO."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from api.models.converted.files import ConvertedFiles
from api.models.converted.source import Source, read_source, read_source_graph
from api.models.engines.cores import Cores
from api.models.exported.files import ExportedFiles
from api.models.findings import Finding, look_at_files
from api.models.model import Model
from api.models.options import RunOptions


def read_model(name: str, folder: Path, options: RunOptions, cores: Cores) -> Model:
    """Read `name.onnx` or `name.tflite` in `folder`. Raises ModelError."""
    return read_source(_source(name, folder), options, cores)


def read_graph(name: str, folder: Path, options: RunOptions, cores: Cores) -> tuple[ConvertedFiles, str]:
    """Return the model converted for OpenVINO, and the hash of its own files. Raises ModelError."""
    return read_source_graph(_source(name, folder), options, cores)


def check(name: str, folder: Path) -> Iterator[Finding]:
    """Look through the files' bytes; see `Format`."""
    return look_at_files(ExportedFiles(name, folder).present)


def describe(name: str, folder: Path) -> str:
    """Return the inputs, outputs and metadata that the file tells of. Raises ModelError."""
    facts = import_module("api.models.exported.definition").read_file(ExportedFiles(name, folder))[0]
    metadata = f"has the keys {', '.join(facts.metadata)}" if facts.metadata else "is empty"  # values may hold paths
    return (
        f"{facts.file} has the inputs {'; '.join(map(str, facts.inputs))}\n"
        f"and the outputs {facts.describe_outputs()}.\nIts metadata {metadata}.\n"
    )


def _source(name: str, folder: Path) -> Source:
    files = ExportedFiles(name, folder).present()
    return Source(name, folder, "api.models.exported.definition", files, by_torch=False)
