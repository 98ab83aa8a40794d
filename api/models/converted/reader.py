"""The format "OpenVINO": `NAME.xml`, `NAME.bin` and `NAME.json`, as conversion and quantization write them."""

from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from api.models.converted.files import ConvertedFiles
from api.models.converted.refusals import ERRORS, in_words
from api.models.engines.choice import takes_torch
from api.models.engines.cores import Cores
from api.models.errors import ModelError
from api.models.findings import Finding, Level
from api.models.model import Model, make_model
from api.models.options import EngineChoice, Precision, RunOptions


def read_model(name: str, folder: Path, options: RunOptions, cores: Cores) -> Model:
    """Read `name`'s three files in `folder`. A quantized graph is int8 whatever precision is asked for.

    Raises ModelError.
    """
    files = ConvertedFiles(folder, name)
    if options.engine is EngineChoice.TORCH or takes_torch(replace(options, engine=EngineChoice.OPENVINO)):
        raise ModelError(f"{name} is a graph for OpenVINO; PyTorch cannot compute it")
    card = replace(files.read_card(), name=name).adapted(options)
    engines = import_module("api.models.engines.openvino")
    precision = Precision.INT8 if files.read_quantized() else options.precision
    if precision is Precision.AUTO:
        precision = Precision.BF16 if engines.has_bfloat16() else Precision.FP32
    try:
        return make_model(card, engines.OpenVinoEngine(files.graph, precision, cores))
    except ERRORS as error:
        raise ModelError(f"{files.graph.name} cannot be read with {files.weights.name}: {in_words(error)}") from error


def read_graph(name: str, _folder: Path, _options: RunOptions, _cores: Cores) -> tuple[ConvertedFiles, str]:
    """Raise ModelError: what is quantized is the model that this one was made of."""
    raise ModelError(f"{name} is a graph for OpenVINO already; quantize the model that it was made of")


def check(name: str, folder: Path) -> Iterator[Finding]:
    """Look whether the three files are there, and at the card; see `Format`."""
    files = ConvertedFiles(folder, name)
    paths = (files.graph, files.weights, files.card)
    missing = [path.name for path in paths if not path.is_file() or not path.stat().st_size]
    yield from (Finding(Level.WRONG, f"{file} is not in the weights folder, or empty") for file in missing)
    if missing:
        return
    try:
        files.read_card()
    except ModelError as error:
        yield Finding(Level.WRONG, str(error))
        return
    yield Finding(Level.RIGHT, f"the files are there: {', '.join(path.name for path in paths)}")


def describe(_name: str, _folder: Path) -> str:
    """Return nothing: the card has told it all."""
    return ""
