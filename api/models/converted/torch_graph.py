"""A torch module to a graph for OpenVINO, and what the module computes of two pictures, to hold the graph to."""

import warnings

import numpy as np
import openvino
import torch
from numpy.typing import NDArray
from torch import nn

from api.models.card import ModelCard
from api.models.converted.files import ConvertedFiles
from api.models.converted.make import EXPECTED
from api.models.converted.report import say
from api.models.converted.sample import SPOTS, sample_inputs


def write_torch_graph(card: ModelCard, module: nn.Module, files: ConvertedFiles) -> None:
    """Write the graph of a module that takes (1, 3, H, W) and returns tensors by name.

    Height and width stay free if the card says that the network takes several sizes.
    """
    say(progress="converting it for OpenVINO, once: writing the graph")
    inputs, computed = try_samples(card, module)
    sides = (-1, -1) if card.input.has_free_size else card.input.size
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch says that tracing is on its way out, and what becomes a constant
        model = openvino.convert_model(module, example_input=torch.from_numpy(inputs[0]), input=[1, 3, *sides])
    names = [key.removeprefix("0/") for key in computed if key.startswith("0/")]
    for output, name in zip(model.outputs, names, strict=True):
        output.get_tensor().set_names({name})  # it may have a number for a name, too
    openvino.save_model(model, files.graph, compress_to_fp16=False)
    np.savez(files.folder / EXPECTED, allow_pickle=False, **computed)


def try_samples(card: ModelCard, module: nn.Module) -> tuple[list[NDArray[np.float32]], dict[str, NDArray[np.generic]]]:
    """Return the inputs of a picture, and what the module computes of them, with the picture's `number`.

    Of a module that selects: the first picture in which it finds something, for nothing is like any other nothing.
    """
    for number in range(len(SPOTS) if card.selects else 1):
        inputs = sample_inputs(card, number)
        computed = compute(module, inputs)
        if not card.selects or all(values.size for values in computed.values()):
            break
    else:
        say(progress="it finds nothing in the pictures for the comparison with PyTorch, which so says little")
    return inputs, {**computed, "number": np.array(number)}


def compute(module: nn.Module, inputs: list[NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
    """Return what the module computes of each input, named "number/name"."""
    with torch.inference_mode():
        return {
            f"{number}/{name}": tensor.numpy()
            for number, x in enumerate(inputs)
            for name, tensor in module(torch.from_numpy(x)).items()
        }
