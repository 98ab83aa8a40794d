"""A torch module to a graph in OpenVINO's own format, held to what the module computes."""

import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import openvino
import torch
from numpy.typing import NDArray
from torch import nn

from api.models.engines.cores import Cores
from api.models.engines.openvino import OpenVinoEngine
from api.models.errors import ModelError
from api.models.options import Precision

MOST_DIFFERENCE = 1e-3  # of any raw output, in standard deviations of its array


def convert(module: nn.Module, inputs: Sequence[NDArray[np.float32]], graph: Path, say: Callable[..., None]) -> None:
    """Write `graph` (and its `.bin`) for a module that takes (1, 3, H, W) and returns tensors by name.

    Height and width stay free. Raises ModelError if the graph computes others than the module on one of `inputs`.
    """
    say(progress="converting it for OpenVINO, once: writing the graph")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch says that tracing is on its way out, and what becomes a constant
        model = openvino.convert_model(module, example_input=torch.from_numpy(inputs[0]), input=[1, 3, -1, -1])
    openvino.save_model(model, graph, compress_to_fp16=False)
    say(progress="converting it for OpenVINO, once: comparing it with PyTorch")
    engine = OpenVinoEngine(graph, Precision.FP32, Cores(torch.get_num_threads()))
    for x in inputs:
        with torch.inference_mode():
            expected = module(torch.from_numpy(x))
        found = engine(x)
        for name, output in expected.items():
            exact = output.numpy()
            off = float(np.abs(found[name] - exact).max() / max(float(exact.std()), 1e-6))
            if not off <= MOST_DIFFERENCE:
                raise ModelError(
                    f"the converted network computes others than PyTorch: {name} differs by up to {off:.3g} standard"
                    " deviations; PAGESIGHT_ENGINE=torch serves it without conversion"
                )
