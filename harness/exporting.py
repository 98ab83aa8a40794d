"""Small networks written as ONNX files by PyTorch's exporter, for tests of how such files are read."""

import warnings
from collections.abc import Sequence
from pathlib import Path

import onnx
import torch
from torch import nn


class Pooling(nn.Module):
    """A random network that looks at the whole image: `rows` x `columns` numbers, around `mean` and `spread` wide."""

    def __init__(self, rows: int, columns: int, *, mean: float = 0.0, spread: float = 1.0) -> None:
        super().__init__()
        self.shape = (rows, columns)
        self.colours = nn.Conv2d(3, 8, 3, padding=1)
        self.numbers = nn.Linear(8, rows * columns)
        nn.init.normal_(self.numbers.weight, 0.0, spread)
        nn.init.normal_(self.numbers.bias, mean, spread)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return (batch, rows, columns)."""
        pooled = torch.tanh(self.colours(images)).mean(dim=(2, 3))
        return self.numbers(pooled).reshape(-1, *self.shape)


def export(
    network: nn.Module,
    path: Path,
    *inputs: torch.Tensor,
    names: tuple[Sequence[str], Sequence[str]],
    free_batch: Sequence[str] = (),
    metadata: dict[str, str] | None = None,
) -> None:
    """Write a network that takes `inputs`. `names`: of inputs and of outputs; `free_batch`: which have any batch."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network.eval(), inputs, path, input_names=list(names[0]), output_names=list(names[1]), opset_version=17,
            dynamic_axes={name: {0: "N"} for name in free_batch}, dynamo=False,
        )  # fmt: skip
    if metadata:
        model = onnx.load(path)
        onnx.helper.set_model_props(model, metadata)
        onnx.save(model, path)
