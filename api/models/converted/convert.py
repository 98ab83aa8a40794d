"""`python -m api.models.converted.convert NAME FOLDER DEFINITION TARGET`: a torch module to a graph for OpenVINO.

A process of its own, so that PyTorch's memory ends with it. It writes the graph, its card, and what the module computes
of two pictures, for `make` to compare.
"""

import sys
import warnings
from importlib import import_module
from pathlib import Path

import numpy as np
import openvino
import torch
from numpy.typing import NDArray
from torch import nn

from api.models.converted.files import ConvertedFiles
from api.models.converted.make import EXPECTED
from api.models.converted.report import say
from api.models.converted.sample import sample_inputs
from api.models.errors import ModelError


def main(name: str, folder: str, definition: str, target: str) -> int:
    """Convert a model; returns the exit status."""
    files = ConvertedFiles(Path(target), name)
    try:
        say(progress="converting it for OpenVINO, once: reading the weights")
        card, module = import_module(definition).read_definition(name, Path(folder))
        say(progress="converting it for OpenVINO, once: writing the graph")
        inputs = sample_inputs(card)
        convert(module, inputs[0], files.graph)
        np.savez(files.folder / EXPECTED, allow_pickle=False, **compute(module, inputs))
        files.write_card(card)
    except (ModelError, OSError) as error:
        say(error=str(error))
        return 1
    return 0


def convert(module: nn.Module, x: NDArray[np.float32], graph: Path) -> None:
    """Write `graph` (and its `.bin`) for a module that takes `x`, (1, 3, H, W), and returns tensors by name.

    Height and width stay free.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch says that tracing is on its way out, and what becomes a constant
        model = openvino.convert_model(module, example_input=torch.from_numpy(x), input=[1, 3, -1, -1])
    openvino.save_model(model, graph, compress_to_fp16=False)


def compute(module: nn.Module, inputs: list[NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
    """Return what the module computes of each input, named "number/name"."""
    with torch.inference_mode():
        return {
            f"{number}/{name}": tensor.numpy()
            for number, x in enumerate(inputs)
            for name, tensor in module(torch.from_numpy(x)).items()
        }


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
