"""How the owner wants models to be run."""

from dataclasses import dataclass
from enum import StrEnum


class Precision(StrEnum):
    """The numbers a network computes in. AUTO: float16 on a GPU, else bfloat16 if it is in hardware, else float32."""

    AUTO = "auto"
    FP32 = "fp32"
    BF16 = "bf16"


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The choices that are not the model's. `input_size` (pixels, a side) None: the model's own.

    `whole_square`: the canvas keeps cells that hold only padding, as the program that trained the model does.
    """

    input_size: int | None = None
    precision: Precision = Precision.AUTO
    whole_square: bool = False


AS_DARKNET = RunOptions(precision=Precision.FP32, whole_square=True)
