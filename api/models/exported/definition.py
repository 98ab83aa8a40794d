"""An exported file to a graph that takes an image as all engines do, and its card."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import openvino
from numpy.typing import NDArray
from openvino import opset13 as ops
from openvino.preprocess import PrePostProcessor

from api.models.card import InputSpec, ModelCard
from api.models.converted.files import ConvertedFiles
from api.models.converted.refusals import ERRORS, in_words
from api.models.errors import ModelError
from api.models.exported.choice import choose_draft
from api.models.exported.draft import Draft
from api.models.exported.facts import Facts, name_of, read_facts
from api.models.exported.files import ExportedFiles


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
        return card, _adapt(model, facts, draft, card.input)
    except ERRORS as error:
        raise ModelError(f"{exported.graph.name} cannot be computed: {in_words(error)}") from error


def read_file(files: ExportedFiles) -> tuple[Facts, openvino.Model]:
    """Return what the file tells of itself, and its graph. Raises ModelError."""
    files.present()  # refuses what is not to be read
    try:
        model = openvino.Core().read_model(files.graph)
        return read_facts(files.graph.name, model), model
    except ERRORS as error:
        raise ModelError(f"{files.graph.name} cannot be read: {in_words(error)}") from error


def _adapt(model: openvino.Model, facts: Facts, draft: Draft, spec: InputSpec) -> openvino.Model:
    """Return the graph with one input, (1, 3, H, W) float32, and one image at a time."""
    _fill_in(model, draft.constants)
    height, width = (-1, -1) if spec.has_free_size else spec.size
    model.reshape({facts.image.name: [1, height, width, 3] if facts.is_channels_last else [1, 3, height, width]})
    steps = PrePostProcessor(model)
    steps.input().tensor().set_element_type(openvino.Type.f32).set_layout(openvino.Layout("NCHW"))
    steps.input().model().set_layout(openvino.Layout("NHWC" if facts.is_channels_last else "NCHW"))
    for index, output in enumerate(model.outputs):
        if output.get_element_type().is_real():
            steps.output(index).tensor().set_element_type(openvino.Type.f32)
    adapted = steps.build()
    for output, port in zip(adapted.outputs, facts.outputs, strict=True):
        output.get_tensor().set_names({port.name})
    adapted.validate_nodes_and_infer_types()
    return adapted


def _fill_in(model: openvino.Model, constants: Mapping[str, NDArray[np.generic]]) -> None:
    """Put constants in the place of inputs. Raises RuntimeError unless one input is left."""
    for parameter in model.get_parameters():
        name = name_of(parameter.output(0))
        if name in constants:
            value = ops.constant(constants[name], dtype=parameter.get_element_type())
            for reader in parameter.output(0).get_target_inputs():
                reader.replace_source_output(value.output(0))
            model.remove_parameter(parameter)
    if len(model.inputs) != 1:
        names = ", ".join(map(name_of, model.inputs))
        raise RuntimeError(f"more than an image goes into it, and nothing tells what: its inputs are {names}")
