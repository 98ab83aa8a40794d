"""A model's card: all that the rest of the server knows of it, whatever its format."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from api.models.errors import ModelError
from api.models.options import RunOptions
from api.tasks.letterbox import Letterbox

USUAL_SHAPES = ((1, 1), (3, 4), (4, 3), (2, 3), (3, 2), (9, 16), (16, 9))  # (height, width) of photographs


class Fit(StrEnum):
    """How an image is brought to the input's size: padded on all sides or right and below, stretched, or cut off.

    SHORTER_SIDE: its shorter side gets the length of the size's shorter one, or its longer side that of the longer one
    if that makes it smaller; a size is what the image is turned to. The input is no larger than it needs to be.
    AT_LEAST: it is enlarged until its shorter side has the length of the size's shorter one, and its sides become whole
    cells; one whose longer side is over the size's longer one is reduced before.
    """

    LETTERBOX = "letterbox"
    TOP_LEFT = "letterbox-top-left"
    STRETCH = "stretch"
    CENTRE_CROP = "centre-crop"
    SHORTER_SIDE = "shorter-side"
    AT_LEAST = "at-least"


class Sampling(StrEnum):
    """How an image is scaled.

    DARKNET: bilinear with the corner pixels of both images on each other, nothing rounded. BILINEAR: OpenCV's, which
    reads four pixels for a sample. EXACT: the same with nothing rounded, as PyTorch does it. ANTIALIAS (bilinear) and
    BICUBIC: Pillow's, which read all pixels that a sample covers.
    """

    DARKNET = "darknet"
    BILINEAR = "bilinear"
    EXACT = "exact"
    ANTIALIAS = "antialias"
    BICUBIC = "bicubic"


class Colour(StrEnum):
    """The order of the input's channels."""

    RGB = "rgb"
    BGR = "bgr"


@dataclass(frozen=True, slots=True, kw_only=True)
class InputSpec:
    """What the network reads. A value is (pixel x scale - mean) / std, with pixels and `pad` in 0..255.

    `pad` None: padding is 0, whatever pixel that is. `has_many_sizes`: too many for all to be remembered.
    CENTRE_CROP scales the image until its shorter side has `shorter_side` pixels, and cuts `size` out of the middle.
    """

    size: tuple[int, int]  # (height, width)
    resize: Fit = Fit.LETTERBOX
    sampling: Sampling = Sampling.DARKNET
    shorter_side: int = 0
    cell: int = 1  # if over 1, any multiple of it is a possible side
    leaves_out_padding: bool = True  # whether cells that hold only padding are left out
    colour: Colour = Colour.RGB
    scale: float = 1 / 255
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    std: tuple[float, float, float] = (1.0, 1.0, 1.0)
    pad: float | None = 127.5
    has_many_sizes: bool = False

    @property
    def has_free_size(self) -> bool:
        """Whether the network takes inputs of several sizes."""
        return self.cell > 1 or self.resize is Fit.SHORTER_SIDE

    def place(self, image_size: tuple[int, int]) -> Letterbox:
        """Return where an image of (height, width) lies in the input."""
        if self.resize is Fit.STRETCH:
            return Letterbox.stretch(image_size, self.size)
        if self.resize is Fit.CENTRE_CROP:
            return Letterbox.crop(image_size, self.size, self.shorter_side)
        if self.resize is Fit.SHORTER_SIDE:
            tolerance = 0.0 if self.sampling is Sampling.EXACT else 1e-6
            return Letterbox.by_shorter_side(image_size, self.size, tolerance=tolerance).cut_to_grid(self.cell)
        if self.resize is Fit.AT_LEAST:
            return Letterbox.at_least(image_size, min(self.size), self.cell)
        if self.resize is Fit.TOP_LEFT:
            square = Letterbox.top_left(image_size, self.size)
        elif self.sampling is Sampling.DARKNET:
            square = Letterbox.fit(image_size, self.size)
        else:
            square = Letterbox.centred(image_size, self.size)
        return square.cut_to_grid(self.cell) if self.cell > 1 and self.leaves_out_padding else square

    def enough_side(self) -> int:
        """Return how many pixels an image's longer side must have for none of the input to be enlarged, up to 16:9.

        It is twice as many if the sampling reads all of them, because what a JPEG's decoder leaves out would be missed:
        in 24 pictures of 15 megapixels a probability of MobileNetV2 moves by up to 0.062, with twice as many by 0.024,
        and with four times as many by no less.
        """
        side = max(*self.size, self.shorter_side)
        if self.resize is Fit.SHORTER_SIDE:
            side = min(side, -(-min(self.size) * 16 // 9))
        if self.resize is Fit.AT_LEAST:
            side = max(side, -(-min(self.size) * 16 // 9))
        if self.sampling in (Sampling.ANTIALIAS, Sampling.BICUBIC):
            side *= 2
        return -(-side * 16 // 9) if self.resize in (Fit.STRETCH, Fit.CENTRE_CROP) else side

    def usual_sizes(self) -> list[tuple[int, int]]:
        """Return the (height, width) that photographs of the usual shapes have in the input."""
        if self.resize is not Fit.AT_LEAST:
            return sorted({self.place(shape).canvas_size for shape in USUAL_SHAPES})
        gains = [(shape, min(self.size) / min(shape)) for shape in USUAL_SHAPES]  # of the shorter side
        return sorted(
            {self.place((round(gain * height), round(gain * width))).canvas_size for (height, width), gain in gains}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """What a model is. `family` says how its outputs are read; `labels` has an entry for each class id.

    `output` is what the family needs besides, `reasons` says where a line of the card comes from that is not obvious,
    `training` what it has learnt from and how accurate it is; all are plain data, as JSON has them. `selects`: the
    network itself selects what it has found, so a rounding can change which and how many rows its outputs have. It
    computes in float32, and two runs are compared by what is found.
    """

    name: str
    task: str
    family: str
    labels: tuple[str, ...]
    input: InputSpec
    source_format: str
    licence: str | None = None
    origin: str | None = None
    output: Mapping[str, Any] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    training: Mapping[str, Any] = field(default_factory=dict)
    selects: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the card as JSON has it."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "ModelCard":
        """Return the card that `to_json` gave."""
        spec = dict(values["input"])
        spec |= {name: tuple(spec[name]) for name in ("size", "mean", "std")}
        spec |= {"resize": Fit(spec["resize"]), "colour": Colour(spec["colour"])}
        spec |= {"sampling": Sampling(spec["sampling"])}
        return cls(**{**values, "labels": tuple(values["labels"]), "input": InputSpec(**spec)})

    def adapted(self, options: RunOptions) -> "ModelCard":
        """Return the card with the owner's input size and canvas. Raises ModelError if the network has no such size."""
        spec = self.input
        height, width = (options.input_size, options.input_size) if options.input_size else spec.size
        if not spec.has_free_size and (height, width) != spec.size:
            raise ModelError(f"the network has one input size, {spec.size[1]} x {spec.size[0]}; leave the setting out")
        if spec.resize is not Fit.SHORTER_SIDE and (height % spec.cell or width % spec.cell):
            raise ModelError(f"an input of {width} x {height} does not fit: both must be multiples of {spec.cell}")
        leaves_out = spec.leaves_out_padding and not options.whole_square
        return replace(self, input=replace(spec, size=(height, width), leaves_out_padding=leaves_out))
