"""An exported file to a graph that takes an image as all engines do, and its card."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import openvino
from numpy.typing import NDArray
from openvino import opset13 as ops
from openvino.preprocess import PrePostProcessor

from api.models.card import InputSpec, ModelCard
from api.models.converted.files import ConvertedFiles
from api.models.errors import ModelError
from api.models.exported.choice import choose_draft
from api.models.exported.draft import Draft
from api.models.exported.facts import Facts, name_of, read_facts
from api.models.exported.files import ExportedFiles
from api.models.exported.tflite_file import appended_metadata


def write_graph(name: str, folder: Path, files: ConvertedFiles) -> ModelCard:
    """Write the model's graph for OpenVINO; returns its card. Raises ModelError."""
    card, model = read_definition(name, folder)
    openvino.save_model(model, files.graph, compress_to_fp16=False)
    return card


def read_definition(name: str, folder: Path) -> tuple[ModelCard, openvino.Model]:
    """Read `name`'s file in `folder`; the graph has one input, (1, 3, H, W) float32. Raises ModelError."""
    exported = ExportedFiles(name, folder)
    exported.present()  # refuses what is not to be read
    try:
        model = openvino.Core().read_model(exported.graph)
    except RuntimeError as error:
        raise ModelError(f"{exported.graph.name} cannot be read: {_last_line(error)}") from error
    facts = read_facts(exported.graph.name, model)
    if exported.graph.suffix == ".tflite":
        facts = replace(facts, metadata=appended_metadata(exported.graph))
    draft, card = choose_draft(exported, facts)
    try:
        return card, _adapt(model, facts, draft, card.input)
    except RuntimeError as error:
        raise ModelError(f"{exported.graph.name} cannot be computed: {_last_line(error)}") from error


def _adapt(model: openvino.Model, facts: Facts, draft: Draft, spec: InputSpec) -> openvino.Model:
    """Return the graph with one input, (1, 3, H, W) float32, and one image at a time."""
    _fill_in(model, draft.constants)
    _take_one_image(model, facts)
    _keep_slices(model)
    height, width = (-1, -1) if spec.cell > 1 else spec.size
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
    """Put constants in the place of inputs."""
    for parameter in model.get_parameters():
        name = name_of(parameter.output(0))
        if name in constants:
            value = ops.constant(constants[name], dtype=parameter.get_element_type())
            for reader in parameter.output(0).get_target_inputs():
                reader.replace_source_output(value.output(0))
            model.remove_parameter(parameter)


def _take_one_image(model: openvino.Model, facts: Facts) -> None:
    """Let a graph that was exported for a batch of several take one image: it is repeated, and the first result kept.

    Shapes inside such a graph name the batch, so that it cannot be made smaller.
    """
    batch = (facts.image.shape or (None,))[0] or 1
    if batch == 1:
        return
    several = next(one for one in model.get_parameters() if name_of(one.output(0)) == facts.image.name)
    shape = several.get_partial_shape()
    shape[0] = 1
    one = ops.parameter(shape, dtype=several.get_element_type())
    repeated = ops.tile(one, np.array([batch, 1, 1, 1]))
    for reader in several.output(0).get_target_inputs():
        reader.replace_source_output(repeated.output(0))
    one.output(0).set_names({facts.image.name})
    model.remove_parameter(several)
    model.add_parameters([one])
    for result, port in zip(model.get_results(), facts.outputs, strict=True):
        if port.shape and port.shape[0] == batch:
            first = ops.gather(result.input_value(0), np.array([0]), np.array(0))
            result.input(0).replace_source_output(first.output(0))


def _keep_slices(model: openvino.Model) -> None:
    """Write slices that GatherElements reads as splits, which mean the same.

    OpenVINO 2026.4.1 drops such a slice if it begins at 0, even if it is along another axis (its pass
    EliminateSliceBeforeGatherElements), and then cannot compute YOLO26's masks, key points and rotated boxes.
    """
    for slice_ in [op for op in model.get_ops() if _type(op) == "Slice"]:
        readers = [one for one in slice_.output(0).get_target_inputs() if _type(one.get_node()) == "GatherElements"]
        bounds = [slice_.input_value(index).get_node() for index in (1, 2, 4)]
        if not readers or any(_type(one) != "Constant" or one.get_data().size != 1 for one in bounds):
            continue
        start, stop, axis = (int(one.get_data().item()) for one in bounds)
        length = slice_.output(0).get_partial_shape()[axis]
        if start == 0 and length.is_static and length.get_length() == stop:  # so its step is 1
            split = ops.variadic_split(slice_.input_value(0), axis, np.array([stop, -1]))
            for reader in readers:
                reader.replace_source_output(split.output(0))


def _type(node: openvino.Node) -> str:
    return str(node.get_type_name())


def _last_line(error: RuntimeError) -> str:
    """Return the line of OpenVINO's long error that says what is wrong, without its places in source files."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else "OpenVINO does not say why"
