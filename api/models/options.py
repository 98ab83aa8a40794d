"""How the owner wants models to be run."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Precision(StrEnum):
    """The numbers a network computes in. AUTO: the quickest here of those that agree with float32."""

    AUTO = "auto"
    FP32 = "fp32"
    BF16 = "bf16"
    INT8 = "int8"


class EngineChoice(StrEnum):
    """What computes a network. AUTO: PyTorch on a GPU, else OpenVINO, and PyTorch where OpenVINO is not installed."""

    AUTO = "auto"
    OPENVINO = "openvino"
    TORCH = "torch"


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The choices that are not the model's. `input_size` (pixels, a side) None: the model's own.

    `whole_square`: the canvas keeps cells that hold only padding, as the program that trained the model does.
    `converted_dir`: where converted models are kept; None: the folder `converted` beside the model's files.
    """

    input_size: int | None = None
    precision: Precision = Precision.AUTO
    whole_square: bool = False
    engine: EngineChoice = EngineChoice.AUTO
    converted_dir: Path | None = None


AS_DARKNET = RunOptions(precision=Precision.FP32, whole_square=True)
