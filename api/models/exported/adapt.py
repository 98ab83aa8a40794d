"""An exported graph made to take one image as all engines do: (1, 3, H, W) float32."""

from collections.abc import Mapping

import numpy as np
import openvino
from numpy.typing import NDArray
from openvino import opset13 as ops
from openvino.preprocess import PrePostProcessor

from api.models.card import InputSpec
from api.models.exported.draft import Draft
from api.models.exported.facts import Facts, name_of


def free_batch_to_one(model: openvino.Model) -> None:
    """Let a free batch be 1, so that the outputs have the shapes that they will have."""
    shapes = {port: port.get_partial_shape() for port in model.inputs}
    free = {
        port: shape for port, shape in shapes.items() if shape.rank.is_static and len(shape) and shape[0].is_dynamic
    }
    for shape in free.values():
        shape[0] = 1
    if free:
        model.reshape(free)


def adapt(model: openvino.Model, facts: Facts, draft: Draft, spec: InputSpec) -> openvino.Model:
    """Return the graph with one input, (1, 3, H, W) float32, and one image at a time."""
    _fill_in(model, draft.constants)
    _take_one_image(model, facts)
    _keep_slices(model)
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
