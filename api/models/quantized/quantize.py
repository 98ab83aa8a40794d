"""A model's int8 twin `NAME-int8`: quantized, held to float32 on photographs that were not used for it, and written."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import openvino
from numpy.typing import NDArray

from api.models.card import InputSpec, ModelCard
from api.models.converted.files import ConvertedFiles
from api.models.engines.cores import Cores
from api.models.engines.openvino import OpenVinoEngine
from api.models.errors import ModelError
from api.models.formats import find_format, require_model
from api.models.input import prepare_input
from api.models.model import make_model
from api.models.options import Precision, RunOptions
from api.models.quantized.recipe import Recipe, quantize_graph
from api.tasks.registry import TASKS
from api.tasks.task import Agreement, Pixels

HELD_OUT = 3  # every third photograph, in the order of their names, is only compared
LEAST_PHOTOGRAPHS = 30
LEAST_AGREEMENT = 0.9
LEAST_FOUND = 20  # things in the photographs held out: fewer say little
GOOD_NUMBER = "100 to 300 photographs of what the model is for"

RECIPE = Recipe()


class Photographs(Protocol):
    """Upright pictures (HWC uint8 RGB), read one at a time. The length may fall when one turns out to be unreadable."""

    def __len__(self) -> int:
        """Return how many there are."""

    def __iter__(self) -> Iterator[Pixels]:
        """Yield each of them."""


@dataclass(frozen=True, slots=True)
class Quantized:
    """A model's twin, written. `calibrated_on`, `held_out`: photographs."""

    files: ConvertedFiles
    agreement: Agreement
    calibrated_on: int
    held_out: int


def quantize_model(
    name: str, folder: Path, photographs: tuple[Photographs, Photographs], options: RunOptions, cores: Cores
) -> Quantized:
    """Write `NAME-int8` beside the model.

    `photographs` are those to calibrate on and those to compare on. Raises ModelError, and then writes nothing: for too
    few photographs, too little agreement, or a model that cannot be quantized.
    """
    require_enough(photographs)
    require_model(name, folder)
    reader = import_module(find_format(name, folder).reader)
    graph, content = reader.read_graph(name, folder, options, cores)
    card = graph.read_card().adapted(options)
    comparison = TASKS[card.task].comparison
    if card.selects:
        raise ModelError(
            f"{name} cannot be quantized: it selects by itself what it has found, and int8 would change that"
        )
    if comparison is None:
        raise ModelError(f"{name} cannot be quantized: there is no measure of agreement for {card.task}")

    calibration, held_out = photographs
    try:
        with tempfile.TemporaryDirectory(prefix=f".{name}-int8-", dir=folder) as half:
            made = ConvertedFiles(Path(half), f"{name}-int8")
            _write_graph(graph, NetworkInputs(calibration, card.input), made)
            agreement = comparison.measure(_results(card, (graph, made), (held_out, comparison.options), cores))
            require_enough(photographs)
            require_agreement(name, agreement, len(held_out))
            done = Quantized(ConvertedFiles(folder, made.name), agreement, len(calibration), len(held_out))
            made.write_card(_describe(graph.read_card(), done), _facts(name, content, done))
            _move(made, done.files)
    except OSError as error:
        raise ModelError(f"{name}-int8 cannot be written into {folder}: {error.strerror}") from error
    return done


def require_enough(photographs: tuple[Photographs, Photographs]) -> None:
    """Raise ModelError for too few photographs."""
    count = sum(map(len, photographs))
    if count < LEAST_PHOTOGRAPHS:
        raise ModelError(
            f"{count} photographs that can be read are too few: at least {LEAST_PHOTOGRAPHS} are needed, and"
            f" {GOOD_NUMBER} are good. They need no labels."
        )


def require_agreement(name: str, agreement: Agreement, held_out: int) -> None:
    """Raise ModelError for a quantized model that agrees too little with float32, or where that cannot be known."""
    if agreement.found < LEAST_FOUND:
        raise ModelError(
            f"{name}-int8 is not written: in the {held_out} photographs held out {name} itself finds"
            f" {agreement.found} things, and at least {LEAST_FOUND} are needed to compare. Give {GOOD_NUMBER}."
        )
    if agreement.share < LEAST_AGREEMENT:
        raise ModelError(
            f"{name}-int8 is not written: in the {held_out} photographs held out it agrees with float32 by"
            f" {agreement.share:.3f}, and at least {LEAST_AGREEMENT} is needed. Give {GOOD_NUMBER}; if that does not"
            f" help, {name} loses too much by int8: serve it as it is."
        )


class NetworkInputs:
    """Photographs as a network reads them: see `recipe.Inputs`. Each has the shape that it would be served at."""

    def __init__(self, photographs: Photographs, spec: InputSpec) -> None:
        self._photographs = photographs
        self._spec = spec

    def __len__(self) -> int:
        return len(self._photographs)

    def __iter__(self) -> Iterator[NDArray[np.float32]]:
        for pixels in self._photographs:
            yield prepare_input(pixels, self._spec.place(pixels.shape[:2]), self._spec)


def _write_graph(graph: ConvertedFiles, inputs: NetworkInputs, made: ConvertedFiles) -> None:
    """Quantize; afterwards nothing of it is held in memory."""
    openvino.save_model(quantize_graph(graph.graph, inputs, RECIPE), made.graph, compress_to_fp16=False)


def _results(
    card: ModelCard, graphs: tuple[ConvertedFiles, ConvertedFiles], asked: tuple[Photographs, Any], cores: Cores
) -> Iterator[tuple[Any, Any]]:
    """Yield for each photograph what the exact graph finds in it, and what the quantized one does."""
    exact, quantized = graphs
    float32 = make_model(card, OpenVinoEngine(exact.graph, Precision.FP32, cores))
    int8 = make_model(card, OpenVinoEngine(quantized.graph, Precision.INT8, cores))
    photographs, options = asked
    for pixels in photographs:
        yield float32.run(pixels, options), int8.run(pixels, options)


def _describe(card: ModelCard, done: Quantized) -> ModelCard:
    """Return the card of the twin."""
    reason = (
        f"int8, quantized from {card.name} with {done.calibrated_on} photographs; in {done.held_out} others it agrees"
        f" with float32 by {done.agreement.share:.3f}"
    )
    return replace(card, name=done.files.name, reasons={**card.reasons, "precision": reason})


def _facts(name: str, content: str, done: Quantized) -> dict[str, Any]:
    """Return how the twin was made. `of`: the hash of the model's files."""
    return {
        "of": content,
        "model": name,
        "calibrated_on": done.calibrated_on,
        "held_out": done.held_out,
        "found": done.agreement.found,
        "agreement": round(done.agreement.share, 4),
        "recipe": RECIPE.describe(),
        "nncf": version("nncf"),
        "openvino": version("openvino"),
    }


def _move(made: ConvertedFiles, files: ConvertedFiles) -> None:
    """Put the files in their place, the card last: without it the others count for nothing."""
    files.card.unlink(missing_ok=True)
    made.weights.replace(files.weights)
    made.graph.replace(files.graph)
    made.card.replace(files.card)
