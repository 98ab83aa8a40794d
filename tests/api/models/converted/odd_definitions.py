"""Definitions that go wrong while they are converted."""

import os
import signal
from pathlib import Path

from torch import Tensor, nn

from api.models.card import InputSpec, ModelCard
from api.models.converted.files import ConvertedFiles
from api.models.converted.torch_graph import write_torch_graph


class ByShape(nn.Module):
    """Computes something else for wide pictures, which a traced network cannot know."""

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        return {"out": x * (2 if x.shape[3] > x.shape[2] else 3)}


def write_graph(name: str, _folder: Path, files: ConvertedFiles) -> ModelCard:
    if name == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if name == "broken":
        raise RuntimeError("this definition is broken")
    spec = InputSpec(size=(416, 416), cell=32)
    card = ModelCard(name=name, task="detection", family="darknet", labels=("a",), input=spec, source_format="odd")
    write_torch_graph(card, ByShape(), files)
    return card
