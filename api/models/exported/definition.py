"""An exported file to a graph that takes an image as all engines do, and its card."""

from dataclasses import replace
from pathlib import Path

import openvino

from api.models.card import ModelCard
from api.models.converted.files import ConvertedFiles
from api.models.converted.refusals import ERRORS, in_words
from api.models.errors import ModelError
from api.models.exported.adapt import adapt, free_batch_to_one
from api.models.exported.choice import choose_draft
from api.models.exported.facts import Facts, read_facts
from api.models.exported.files import ExportedFiles
from api.models.exported.tflite_file import appended_metadata


def write_graph(name: str, folder: Path, files: ConvertedFiles) -> ModelCard:
    """Write the model's graph for OpenVINO; returns its card. Raises ModelError."""
    card, model = read_definition(name, folder)
    try:
        openvino.save_model(model, files.graph, compress_to_fp16=False)
    except ERRORS as error:
        raise ModelError(f"{name} cannot be converted: {in_words(error)}") from error
    return card


def read_definition(name: str, folder: Path) -> tuple[ModelCard, openvino.Model]:
    """Read `name`'s file in `folder`; the graph has one input, (1, 3, H, W) float32. Raises ModelError."""
    exported = ExportedFiles(name, folder)
    facts, model = read_file(exported)
    draft, card = choose_draft(exported, facts)
    try:
        return card, adapt(model, facts, draft, card.input)
    except ERRORS as error:
        raise ModelError(f"{exported.graph.name} cannot be computed: {in_words(error)}") from error


def read_file(files: ExportedFiles) -> tuple[Facts, openvino.Model]:
    """Return what the file tells of itself, and its graph. Raises ModelError."""
    files.present()  # refuses what is not to be read
    try:
        model = openvino.Core().read_model(files.graph)
        free_batch_to_one(model)
        facts = read_facts(files.graph.name, model)
    except ERRORS as error:
        raise ModelError(f"{files.graph.name} cannot be read: {in_words(error)}") from error
    if files.graph.suffix == ".tflite":
        facts = replace(facts, metadata=appended_metadata(files.graph))
    return facts, model
