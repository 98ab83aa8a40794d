"""How a detector is to be run."""

from dataclasses import dataclass
from enum import StrEnum


class Resize(StrEnum):
    """Where pixels are sampled when an image is made smaller.

    DARKNET: corner pixels on each other, as the program that trained the model does, so its numbers come out. LINEAR:
    the half-pixel grid of most libraries. docs/accuracy.md compares them.
    """

    DARKNET = "darknet"
    LINEAR = "linear"


class Canvas(StrEnum):
    """What an image is letterboxed into.

    RECTANGLE: the smallest multiple of the network's stride that holds the image. SQUARE: the cfg's own width and
    height, whatever the image, as Darknet does. ALIGNED: the square without the cells that hold nothing but grey, often
    a cell more than the rectangle, but the image keeps its place on the network's grid: confidences stay within about a
    percentage point of the square's. Over many images all three are as accurate; docs/accuracy.md compares them.
    """

    RECTANGLE = "rectangle"
    ALIGNED = "aligned"
    SQUARE = "square"


class Precision(StrEnum):
    """In which numbers the network is run. AUTO: bfloat16 where the processor has it in hardware, else float32."""

    AUTO = "auto"
    FP32 = "fp32"
    BF16 = "bf16"


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The choices that are not the model's. `input_size` (pixels, a side) None: the cfg's own width and height."""

    threads: int = 1
    input_size: int | None = None
    precision: Precision = Precision.AUTO
    canvas: Canvas = Canvas.RECTANGLE
    resize: Resize = Resize.DARKNET


AS_DARKNET = RunOptions(precision=Precision.FP32, canvas=Canvas.SQUARE, resize=Resize.DARKNET)
