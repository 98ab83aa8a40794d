"""A model that the API serves as an ONNX file that finds the same: written small, and held to the API's own engine."""

import gzip
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import openvino

from api.models.card import ModelCard
from api.models.converted.files import ConvertedFiles
from api.models.converted.refusals import ERRORS, in_words
from api.models.device.engine import OnnxRuntime
from api.models.device.graph import write_onnx
from api.models.device.weights import Bits
from api.models.device.writer import Unwritable
from api.models.engines.cores import Cores
from api.models.engines.engine import Engine
from api.models.engines.openvino import OpenVinoEngine
from api.models.errors import ModelError
from api.models.formats import OPENVINO, Format, find_format, require_model
from api.models.input import prepare_input
from api.models.model import NetworkModel, make_model
from api.models.options import Precision, RunOptions
from api.tasks.registry import TASKS
from api.tasks.task import Pixels

SUGGESTED = (
    "yolox-nano (detection), faces, mobilenet_v2 (classification) and deeplabv3 (segmentation) can: `make models`"
)
MOST_BYTES = 100_000_000  # of a compressed file; GitHub takes no larger one
# Other photographs differ more: a file agrees for sure if its differences are so many times less than they may be.
MARGIN = 5


@dataclass(frozen=True, slots=True)
class Attempt:
    """A model as an ONNX file, compressed. `differences`: the largest from the API's engine, by what differs."""

    card: ModelCard
    bits: Bits
    packed: bytes
    outputs: tuple[str, ...]
    differences: Mapping[str, float]

    def agrees(self, margin: int = 1) -> bool:
        """Whether it finds the same as the API, with differences `margin` times less than they may be."""
        limits = limits_of(self.card)
        return all(self.differences[name] * margin <= limit for name, limit in limits.items())

    def unpack(self) -> bytes:
        """Return the ONNX file."""
        return gzip.decompress(self.packed)


def limits_of(card: ModelCard) -> Mapping[str, float]:
    """Return for all that is compared the most that may differ."""
    differences = TASKS[card.task].differences
    if differences is None:
        raise ModelError(f"{_cannot(card.name)}: the page does not do {card.task} there. {SUGGESTED}")
    return differences.limits


def attempt_export(
    name: str, folder: Path, photographs: Iterable[Pixels], asked: Mapping[str, Any], run: tuple[RunOptions, Cores]
) -> Iterator[Attempt]:
    """Yield the model in more and more bits, until it agrees with the API for sure.

    `asked` are, by task, the options with which both are asked. Raises ModelError for what cannot be written.
    """
    options, cores = run
    card, files = read_card_and_graph(name, folder, options, cores)
    served = make_model(card, OpenVinoEngine(files.graph, Precision.FP32, cores))
    try:
        graph = openvino.Core().read_model(files.graph)
        outputs = tuple(output.get_any_name() for output in graph.outputs)
        for bits in Bits:
            file = write_onnx(graph, bits).SerializeToString()
            differences = compare(served, OnnxRuntime(file, cores.threads), photographs, asked[card.task])
            packed = gzip.compress(file, compresslevel=9, mtime=0)  # the same file at any time
            attempt = Attempt(card, bits, packed, outputs, differences)
            yield attempt
            if attempt.agrees(MARGIN):
                return
    except Unwritable as error:
        raise ModelError(
            f"{_cannot(name)}: it has operations that are not written as ONNX here: {error}. {SUGGESTED}"
        ) from error
    except ERRORS as error:
        raise ModelError(f"{_cannot(name)}: {in_words(error)}. {SUGGESTED}") from error


def read_card_and_graph(name: str, folder: Path, options: RunOptions, cores: Cores) -> tuple[ModelCard, ConvertedFiles]:
    """Return a model's card, and the graph that its engine compiles. Raises ModelError, also for kinds of models."""
    require_model(name, folder)
    found = find_format(name, folder)
    if found is OPENVINO:
        files = ConvertedFiles(folder, name)
        if files.read_quantized():
            of = files.read_quantized().get("model", "the model that it was made of")
            raise ModelError(f"{_cannot(name)}: it is quantized for OpenVINO. MODEL={of} can be written smaller, too")
    else:
        files = _read_graph(found, name, folder, options, cores)
    card = files.read_card().adapted(options)
    if card.selects:
        raise ModelError(
            f"{_cannot(name)}: its network itself cuts out regions and selects what it has found, in steps that no"
            f" browser computes quickly. {SUGGESTED}"
        )
    least = files.weights.stat().st_size // 4  # in 8 bits
    if least > MOST_BYTES:
        raise ModelError(f"{_cannot(name)}: {least / 1e6:.0f} MB at least are too much for a visitor. {SUGGESTED}")
    limits_of(card)
    return card, files


def _read_graph(found: Format, name: str, folder: Path, options: RunOptions, cores: Cores) -> ConvertedFiles:
    try:
        files: ConvertedFiles = import_module(found.reader).read_graph(name, folder, options, cores)[0]
    except ModelError as error:
        raise ModelError(f"{_cannot(name)}: {error}") from error
    return files


def compare(served: NetworkModel, engine: Engine, photographs: Iterable[Pixels], options: Any) -> dict[str, float]:
    """Return the largest differences of what an engine finds in photographs, with options, from what is served."""
    differences = TASKS[served.card.task].differences
    largest: dict[str, float] = {}
    for pixels in photographs:
        letterbox = served.card.input.place((pixels.shape[0], pixels.shape[1]))
        array = prepare_input(pixels, letterbox, served.card.input)
        one, other = (partial(served.decode, each(array), letterbox) for each in (served.engine, engine))
        for name, difference in differences.measure(one, other, options).items() if differences else ():
            largest[name] = max(largest.get(name, 0.0), difference)
    if not largest:
        raise ModelError("none of the photographs can be read, so nothing can be compared")
    return largest


def _cannot(name: str) -> str:
    return f"{name} cannot go to the visitor's device"
