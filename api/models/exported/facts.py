"""What an exported file tells of itself, before anybody knows whose it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import openvino

from api.models.errors import ModelError

Shape = tuple[int | None, ...]  # None: any length
CHANNELS = 3
REARRANGES = (
    "Convert",
    "Reshape",
    "Squeeze",
    "Transpose",
    "Unsqueeze",
)  # operations that leave the numbers as they are


@dataclass(frozen=True, slots=True)
class Port:
    """An input or an output of a graph. `dtype` is OpenVINO's word, such as "float32".

    `operation` is OpenVINO's name of what computes an output, such as "Softmax"; what only rearranges is passed over.
    """

    name: str
    shape: Shape | None  # None: of any rank
    dtype: str = "float32"
    operation: str = ""

    def __str__(self) -> str:
        sides = " x ".join("any" if side is None else str(side) for side in self.shape or ()) or "of any shape"
        return f"{self.name} {sides}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A file's inputs, outputs and metadata. `file` is its name."""

    file: str
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)

    @property
    def image(self) -> Port:
        """The input that takes an image. Raises ModelError if there is not one."""
        found = [port for port in self.inputs if port.shape and len(port.shape) == 4 and CHANNELS in port.shape[1::2]]
        if len(found) != 1:
            raise ModelError(
                f"{self.file} has {len(found)} inputs that could be a colour image, 1 x 3 x height x width or"
                f" 1 x height x width x 3, and one is needed; its inputs are: {'; '.join(map(str, self.inputs))}"
            )
        return found[0]

    @property
    def is_channels_last(self) -> bool:
        """Whether the image is (1, H, W, 3) rather than (1, 3, H, W)."""
        shape = self.image.shape
        return shape is not None and shape[1] != CHANNELS

    @property
    def size(self) -> tuple[int | None, int | None]:
        """The image's (height, width); None: any."""
        shape = self.image.shape or ()
        height, width = shape[1:3] if self.is_channels_last else shape[2:]
        return height, width

    def output(self, name: str) -> Port | None:
        """Return the output of this name, if there is one."""
        return next((port for port in self.outputs if port.name == name), None)

    def describe_outputs(self) -> str:
        """Return the outputs, with their shapes, as a person reads them."""
        return "; ".join(map(str, self.outputs))


def read_facts(file: str, model: openvino.Model) -> Facts:
    """Return what a graph tells."""
    return Facts(
        file=file,
        inputs=tuple(map(_port, model.inputs)),
        outputs=tuple(map(_port, model.outputs)),
        metadata=_metadata(model),
    )


def _port(port: openvino.Output) -> Port:
    shape = port.get_partial_shape()
    sides = None
    if not shape.rank.is_dynamic:
        sides = tuple(None if side.is_dynamic else side.get_length() for side in shape)
    return Port(name_of(port), sides, port.get_element_type().to_dtype().name, _operation(port))


def _operation(port: openvino.Output) -> str:
    node = port.get_node()
    while node.get_input_size() and node.get_type_name() in ("Result", *REARRANGES):
        node = node.input_value(0).get_node()
    return str(node.get_type_name())


def name_of(port: openvino.Output) -> str:
    """Return a port's name; of several, the first in the alphabet."""
    names = port.get_names() or {port.get_node().get_friendly_name()}
    return str(min(names))


def _metadata(model: openvino.Model) -> dict[str, str]:
    """Return an ONNX file's metadata_props."""
    if not model.has_rt_info(["framework"]):
        return {}
    return {key: str(value) for key, value in model.get_rt_info(["framework"]).value.items()}
