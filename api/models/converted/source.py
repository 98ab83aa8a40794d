"""From a model's own files to a model that answers, by way of a graph for OpenVINO that is made once (`keep`).

PyTorch computes those whose network a torch module defines where it is asked to; else it is not loaded.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

from api.models.converted.files import ConvertedFiles, content_hash
from api.models.converted.keep import Kept, Order, keep
from api.models.converted.trial import Trial
from api.models.engines.choice import has_openvino, takes_torch
from api.models.engines.cores import Cores
from api.models.errors import ModelError
from api.models.model import NetworkModel, make_model
from api.models.options import EngineChoice, Precision, RunOptions

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Source:
    """A model's files, and the module `definition` whose `write_graph(name, folder, files)` makes a graph of them.

    `by_torch`: its `read_definition(name, folder)` returns a card and a torch module, which PyTorch can compute.
    """

    name: str
    folder: Path
    definition: str
    files: Sequence[Path]
    by_torch: bool = True


def read_source(source: Source, options: RunOptions, cores: Cores) -> NetworkModel:
    """Return the model as `options` want it to be run. Raises ModelError."""
    if takes_torch(options):
        if source.by_torch:
            return _read_with_torch(source, options, cores)
        if options.engine is not EngineChoice.AUTO or not has_openvino():
            remedy = "choose the engine auto or openvino" if has_openvino() else "install openvino"
            raise ModelError(f"{source.files[0].name} is computed by OpenVINO, and not by PyTorch: {remedy}")
    content = content_hash(source.files)
    int8 = find_quantized(source.name, source.folder, content)
    kept = _keep(source, content, options, (cores, int8))
    return _run_graph(kept.files, int8, kept.trial, options, cores)


def read_source_graph(source: Source, options: RunOptions, cores: Cores) -> tuple[ConvertedFiles, str]:
    """Return the converted model and the hash of the files that it was made of. Raises ModelError."""
    takes_torch(replace(options, engine=EngineChoice.OPENVINO))  # raises if OpenVINO is not there
    content = content_hash(source.files)
    return _keep(source, content, replace(options, precision=Precision.FP32), (cores, None)).files, content


def _keep(source: Source, content: str, options: RunOptions, run: tuple[Cores, ConvertedFiles | None]) -> Kept:
    cores, int8 = run
    order = Order(
        name=source.name,
        folder=source.folder,
        definition=source.definition,
        content=content,
        size=sum(path.stat().st_size for path in source.files),
        threads=cores.threads,
        trial=options.precision is Precision.AUTO,
        int8=int8,
    )
    return keep(order, options.converted_dir or source.folder / "converted")


def find_quantized(name: str, folder: Path, content: str) -> ConvertedFiles | None:
    """Return `NAME-int8` if it is there and was made of these files."""
    files = ConvertedFiles(folder, f"{name}-int8")
    if not files.card.is_file():
        return None
    if files.read_quantized().get("of") == content:
        return files
    logger.warning("%s was made of other files than those of %s are now: make quantize", files.name, name)
    return None


def _read_with_torch(source: Source, options: RunOptions, cores: Cores) -> NetworkModel:
    engines = import_module("api.models.engines.torch")
    execution = engines.choose_execution(options.precision)
    card, module = import_module(source.definition).read_definition(source.name, source.folder)
    return make_model(card.adapted(options), engines.TorchEngine(module, execution, cores))


def _run_graph(
    files: ConvertedFiles, int8: ConvertedFiles | None, trial: Trial | None, options: RunOptions, cores: Cores
) -> NetworkModel:
    card = files.read_card().adapted(options)
    engines = import_module("api.models.engines.openvino")
    precision = trial.chosen if trial else options.precision
    if trial:
        card = replace(card, reasons={**card.reasons, "precision": trial.why})
    if card.selects and precision is Precision.BF16:
        precision = Precision.FP32
        card = replace(card, reasons={**card.reasons, "precision": "it selects by itself, which bfloat16 would change"})
    if precision is Precision.INT8 and not int8:
        raise ModelError(f"{card.name}-int8 is not there: `make quantize MODEL={card.name} DATA=folder` makes it")
    graph = int8.graph if int8 and precision is Precision.INT8 else files.graph
    engine = engines.OpenVinoEngine(graph, precision, cores, forgets_sizes=card.input.has_many_sizes)
    return make_model(card, engine)
