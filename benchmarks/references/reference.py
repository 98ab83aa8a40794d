"""Which program is the reference of a model, and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.models.card import ModelCard
from api.models.model import Model
from api.tasks.detection.types import DetectionOptions
from benchmarks.datasets import DatasetError

Pixels = NDArray[np.uint8]  # HWC RGB, upright


@dataclass(frozen=True, slots=True)
class Reference:
    """Another program with the same weights.

    `run` takes an image. Of a classifier it returns the probability of each class, (classes,); of a segmenter the class
    of each pixel, (height, width); of a detector a list of Found.
    """

    name: str
    run: Callable[[Pixels], Any]


def find_reference(model: Model, folder: Path, options: DetectionOptions | None = None) -> Reference:
    """Return the reference of a model of ONNX, TFLite or torchvision. Raises DatasetError if it has none here.

    `options` are for detectors; torchvision's select by themselves.
    """
    module = _choose(model.card)
    if module == "exported_file" and model.card.source_format == "ONNX" and find_spec("onnxruntime") is None:
        raise DatasetError("COMPARE needs onnxruntime for an ONNX file: .venv/bin/pip install onnxruntime")
    reference: Reference = import_module(f"benchmarks.references.{module}").make(
        model, folder, options or DetectionOptions()
    )
    return reference


def _choose(card: ModelCard) -> str:
    """Return the name of the module that knows the reference."""
    if card.source_format == "torchvision":
        return "torchvision_eager"
    if card.family == "yunet":
        return "face_detector"
    if card.source_format in ("ONNX", "TFLite"):
        return "exported_file"
    raise DatasetError(f"COMPARE knows no reference for {card.name}, which is in the format {card.source_format}")
