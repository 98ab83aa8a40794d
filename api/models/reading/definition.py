"""A network of a reader to a graph for OpenVINO, and its card: PaddleOCR's networks, as ONNX files.

What a network does is told by its output; how its input is made, by all of PaddleOCR's being trained alike. Source:
https://github.com/RapidAI/RapidOCR/blob/main/python/rapidocr/config.yaml and the programs beside it.
"""

from pathlib import Path

import openvino

from api.models.card import Colour, Fit, InputSpec, ModelCard, Sampling
from api.models.converted.files import ConvertedFiles
from api.models.converted.refusals import ERRORS, in_words
from api.models.errors import ModelError
from api.models.exported.definition import read_file
from api.models.exported.facts import Facts
from api.models.exported.files import ExportedFiles
from api.tasks.reading import characters, direction, regions

SHORTEST, LONGEST = 736, 1984  # of an image's sides, in pixels
CELL = 32
LINE_HEIGHT, LINE_WIDTH = 48, 320  # the least width of a batch of lines
DIRECTION_WIDTH = 192
ALPHABET = "character"  # the key of an ONNX file's metadata: a character a line
EXTRA = 2  # classes beside those: the blank before them, and a space behind them


def write_graph(name: str, folder: Path, files: ConvertedFiles) -> ModelCard:
    """Write the graph of `name.onnx`; returns its card. Raises ModelError."""
    facts, model = read_file(ExportedFiles(name, folder))
    card = describe_network(name, facts)
    height, width = (-1, -1) if card.family == regions.FAMILY else card.input.size
    shape = {
        regions.FAMILY: [1, 3, -1, -1],
        characters.FAMILY: [-1, 3, height, -1],
        direction.FAMILY: [-1, 3, height, width],
    }[card.family]
    try:
        model.reshape({facts.image.name: openvino.PartialShape(shape)})
        openvino.save_model(model, files.graph, compress_to_fp16=False)
    except ERRORS as error:
        raise ModelError(f"{facts.file} cannot be converted: {in_words(error)}") from error
    return card


def describe_network(name: str, facts: Facts) -> ModelCard:
    """Return the card of a network. Raises ModelError if it is none of a reader's."""
    family, spec, labels = _recognise(facts)
    for side, (wanted, fixed) in zip(("high", "wide"), zip(spec.size, facts.size, strict=True), strict=True):
        if fixed and (fixed != wanted or family == regions.FAMILY):
            raise ModelError(f"{facts.file} takes only images {fixed} {side}; export it with free sides")
    return ModelCard(name=name, task="reading", family=family, labels=labels, input=spec, source_format="ONNX")


def _recognise(facts: Facts) -> tuple[str, InputSpec, tuple[str, ...]]:
    """Return the family, the input and the labels: of three shapes of an output, which one it is."""
    shape = facts.outputs[0].shape or ()
    if len(shape) == 4 and shape[1] in (1, None):
        size, fit = (SHORTEST, LONGEST), Fit.AT_LEAST
        return regions.FAMILY, _input(size, fit, cell=CELL, pad=0.0, has_many_sizes=True), ()
    if len(shape) == 3:
        spec = _input((LINE_HEIGHT, LINE_WIDTH), Fit.STRETCH, has_many_sizes=True)
        return characters.FAMILY, spec, _read_alphabet(facts, shape[2])
    if len(shape) == 2 and shape[1] == len(direction.LABELS):
        return direction.FAMILY, _input((LINE_HEIGHT, DIRECTION_WIDTH), Fit.STRETCH), direction.LABELS
    raise ModelError(
        f"{facts.file} neither finds, reads nor turns lines of text as PaddleOCR's networks do; its outputs are:"
        f" {facts.describe_outputs()}"
    )


def _input(
    size: tuple[int, int], fit: Fit, *, cell: int = 1, pad: float | None = None, has_many_sizes: bool = False
) -> InputSpec:
    return InputSpec(
        size=size,
        resize=fit,
        sampling=Sampling.BILINEAR,
        cell=cell,
        colour=Colour.BGR,
        mean=(0.5, 0.5, 0.5),
        std=(0.5, 0.5, 0.5),
        pad=pad,
        has_many_sizes=has_many_sizes,
    )


def _read_alphabet(facts: Facts, classes: int | None) -> tuple[str, ...]:
    """Return the characters of the classes after the blank."""
    if ALPHABET not in facts.metadata:
        raise ModelError(
            f"{facts.file} is no recogniser as PaddleOCR's are: its metadata has no `{ALPHABET}`, its alphabet"
        )
    alphabet = tuple(facts.metadata[ALPHABET].splitlines())
    if len(alphabet) + EXTRA != classes:
        raise ModelError(
            f"{facts.file} has {classes} classes, and its metadata names {len(alphabet)} characters: {EXTRA} fewer,"
            " the blank and the space, are expected"
        )
    return (*alphabet, " ")
