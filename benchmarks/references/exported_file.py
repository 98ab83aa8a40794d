"""An exported file as its own runtime computes it: ONNX by onnxruntime, TFLite by OpenVINO, which reads it directly.

A classifier's and a segmenter's images are scaled by Pillow and its scores by PyTorch, with nothing of this project
between them, if the model stretches them or cuts out the middle. All else is prepared and read as the model does it, so
that only the network is compared.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import openvino
import torch
from numpy.typing import NDArray
from PIL import Image
from torchvision.transforms import InterpolationMode
from torchvision.transforms.functional import center_crop, resize

from api.models.card import Colour, Fit, InputSpec, Sampling
from api.models.input import prepare_input
from api.models.model import Model
from api.tasks.classification.types import ClassificationOptions
from api.tasks.detection.types import DetectionOptions
from api.tasks.segmentation.segmenter import Layout
from api.tasks.segmentation.types import SegmentationOptions
from benchmarks.found import Found, from_detections
from benchmarks.references.reference import Pixels, Reference

PILLOWS = {Sampling.ANTIALIAS: InterpolationMode.BILINEAR, Sampling.BICUBIC: InterpolationMode.BICUBIC}
Outputs = Mapping[str, NDArray[Any]]
Network = Callable[[NDArray[np.float32]], Outputs]  # (1, 3, H, W) -> arrays by name


def make(model: Model, folder: Path, options: DetectionOptions) -> Reference:
    """Return the file's own runtime, with what belongs around it."""
    card = model.card
    if card.source_format == "TFLite":
        name, network = f"OpenVINO {openvino.__version__.partition('-')[0]} alone", load_tflite(folder, card.name)
    else:
        name, network = load_onnx(folder, card.name)
    if card.task == "detection":
        return Reference(name, lambda image: _detect(model, network, image, options))
    if card.input.resize in (Fit.STRETCH, Fit.CENTRE_CROP) and card.input.sampling in PILLOWS:
        if card.task == "classification":
            return Reference(name, lambda image: _classify(model, network(scale_by_pillow(image, card.input))))
        if card.output["layout"] != Layout.CLASS_IDS and card.input.resize is Fit.STRETCH:
            return Reference(name, lambda image: _segment(model, network(scale_by_pillow(image, card.input)), image))
    return Reference(f"{name}, of our input", lambda image: _as_we_read_it(model, network, image))


def load_onnx(folder: Path, name: str) -> tuple[str, Network]:
    """Return onnxruntime's name and a file's network in it. What is no image among the inputs is filled with ones."""
    import onnxruntime

    session = onnxruntime.InferenceSession(folder / f"{name}.onnx", providers=["CPUExecutionProvider"])
    (image,) = (one for one in session.get_inputs() if len(one.shape) == 4)
    others = {one.name: np.ones((1, 2), np.int64) for one in session.get_inputs() if one.name != image.name}
    names = [one.name for one in session.get_outputs()]
    batch = image.shape[0] if isinstance(image.shape[0], int) else 1

    def compute(x: NDArray[np.float32]) -> Outputs:
        repeated = np.repeat(x if image.shape[1] == 3 else x.transpose(0, 2, 3, 1), batch, axis=0)
        arrays = session.run(names, {image.name: repeated, **others})
        return {key: values[:1] if batch > 1 else values for key, values in zip(names, arrays, strict=True)}

    return f"onnxruntime {onnxruntime.__version__}", compute


def load_tflite(folder: Path, name: str) -> Network:
    """Return a file's network in OpenVINO, in float32."""
    settings = {"INFERENCE_PRECISION_HINT": "f32"}
    compiled = openvino.Core().compile_model(folder / f"{name}.tflite", "CPU", settings)
    names = [output.get_any_name() for output in compiled.outputs]

    def compute(x: NDArray[np.float32]) -> Outputs:
        return dict(zip(names, compiled(np.ascontiguousarray(x.transpose(0, 2, 3, 1))).values(), strict=True))

    return compute


def scale_by_pillow(image: Pixels, spec: InputSpec) -> NDArray[np.float32]:
    """Return the input (1, 3, H, W), by Pillow and torchvision's functions."""
    picture, sampling = Image.fromarray(image), PILLOWS[spec.sampling]
    if spec.resize is Fit.CENTRE_CROP:
        scaled = center_crop(resize(picture, [spec.shorter_side], sampling), list(spec.size))
    else:
        scaled = resize(picture, list(spec.size), sampling)
    pixels = np.asarray(scaled, np.float64)[..., :: 1 if spec.colour is Colour.RGB else -1]
    return ((pixels * spec.scale - spec.mean) / spec.std).astype(np.float32).transpose(2, 0, 1)[None]


def _classify(model: Model, outputs: Outputs) -> NDArray[np.float32]:
    scores = torch.from_numpy(next(iter(outputs.values())).ravel())
    by = {"softmax": lambda: scores.softmax(0), "sigmoid": scores.sigmoid, "none": lambda: scores}
    probabilities: NDArray[np.float32] = by[model.card.output["activation"]]().numpy()
    return probabilities


def _segment(model: Model, outputs: Outputs, image: Pixels) -> NDArray[np.int64]:
    scores = torch.from_numpy(outputs[model.card.output["name"]])
    first = scores if model.card.output["layout"] == Layout.CHANNELS_FIRST else scores.permute(0, 3, 1, 2)
    scaled = torch.nn.functional.interpolate(first, image.shape[:2], mode="bilinear", align_corners=False)
    class_map: NDArray[np.int64] = scaled[0].argmax(0).numpy()
    return class_map


def _detect(model: Model, network: Network, image: Pixels, options: DetectionOptions) -> list[Found]:
    letterbox = model.card.input.place(image.shape[:2])
    outputs = network(prepare_input(image, letterbox, model.card.input))
    found = model.decode(outputs, letterbox, options).detections
    return from_detections(found, image.shape[:2])


def _as_we_read_it(model: Model, network: Network, image: Pixels) -> Any:
    letterbox = model.card.input.place(image.shape[:2])
    outputs = network(prepare_input(image, letterbox, model.card.input))
    if model.card.task == "segmentation":
        return model.decode(outputs, letterbox, SegmentationOptions()).class_map
    return by_class(model.decode(outputs, letterbox, ClassificationOptions(top=len(model.card.labels))).classes)


def by_class(classes: Any) -> NDArray[np.float32]:
    """Return the probability of each class, by its id."""
    return np.array([one.confidence for one in sorted(classes, key=lambda one: one.class_id)], np.float32)
