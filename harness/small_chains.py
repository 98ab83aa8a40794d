"""Small models whose answers a test can foresee, to make chains of: one tells colours, one finds ants and bees."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from harness.small_exports import write_yolox

COLOURS = ("red", "green", "blue")
SIDE = 32
COLOUR_TOML = """family = "classifier"
labels = ["red", "green", "blue"]
licence = "MIT"
[input]
resize = "stretch"
mean = [0.0, 0.0, 0.0]
std = [1.0, 1.0, 1.0]
scale = 0.00392156862745098
"""
AREAS_TOML = 'family = "segmenter"\nlabels = ["ground", "sky", "sea"]\n[input]\nresize = "stretch"\nmean = [0, 0, 0]\n'


def write_small_models(folder: Path) -> None:
    """Write the models `colour` (classification), `ants` (detection of "ant" and "bee") and `areas` (segmentation)."""
    write_colours(folder, "colour")
    write_yolox(folder, "ants")
    nodes = [helper.make_node("Mul", ["image", "sharp"], ["output"])]
    _save(folder / "areas.onnx", nodes, [1, 3, SIDE, SIDE], {"sharp": np.array([10.0], np.float32)})
    (folder / "areas.toml").write_text(AREAS_TOML + "std = [1, 1, 1]\n")


def write_colours(folder: Path, name: str) -> None:
    """Write a classifier: how red, green and blue an image is on the whole, sharpened."""
    nodes = [
        helper.make_node("GlobalAveragePool", ["image"], ["mean"]),
        helper.make_node("Reshape", ["mean", "shape"], ["flat"]),
        helper.make_node("Mul", ["flat", "sharp"], ["sharpened"]),
        helper.make_node("Softmax", ["sharpened"], ["output"], axis=1),
    ]
    constants = {"shape": np.array([1, 3]), "sharp": np.array([10.0], np.float32)}
    _save(folder / f"{name}.onnx", nodes, [1, 3], constants)
    (folder / f"{name}.toml").write_text(COLOUR_TOML)


def _save(path: Path, nodes: list[onnx.NodeProto], shape: list[int], constants: dict[str, np.ndarray]) -> None:
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, SIDE, SIDE])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(values, name) for name, values in constants.items()],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
