"""A trained network to the two files that serve it: NAME.safetensors and NAME.torchvision.toml."""

import json
from pathlib import Path

import torch
from torch import Tensor, nn

from api.models.card import InputSpec
from api.models.torchvision.safetensors import write_safetensors
from api.training.backbones import head_of
from api.training.run import Run

SOURCE = "make train"


def export(run: Run, network: nn.Module, spec: InputSpec, folder: Path) -> None:
    """Write the model into `folder`: first the numbers, then what describes them."""
    weights = f"{run.name}.safetensors"
    tensors = scale_head(network, run.backbone, run.temperature)
    write_safetensors(folder / weights, tensors, {"format": "pt"})
    part = folder / f"{run.name}.torchvision.toml.part"
    part.write_text(describe(run, spec, weights), encoding="utf-8")
    part.replace(folder / f"{run.name}.torchvision.toml")


def scale_head(network: nn.Module, builder: str, temperature: float) -> dict[str, Tensor]:
    """Return the network's numbers, the last layer's divided by the temperature: all that serves it need not know."""
    head = head_of(network, builder)
    last = {id(head.weight), id(head.bias)}
    parameters = {name: id(value) for name, value in network.named_parameters()}
    return {
        name: value / torch.tensor(temperature, device=value.device) if parameters.get(name) in last else value
        for name, value in network.state_dict().items()
    }


def describe(run: Run, spec: InputSpec, weights: str) -> str:
    """Return the TOML. It names the data's folder, but not where that is."""
    validated = int(run.is_validation.sum())
    return f"""# Written by `{SOURCE}`.
builder = {_text(run.backbone)}
weights = {_text(weights)}
labels = [{", ".join(map(_text, run.labels))}]
[input]
size = [{spec.size[0]}, {spec.size[1]}]
resize = {_text(spec.resize)}
sampling = {_text(spec.sampling)}
[training]
made = {_text(run.made)}
data = {_text(run.data.resolve().name)}
photographs = {len(run.photographs) - validated}
validated_on = {validated}
accuracy = {run.accuracy:.4f}
temperature = {run.temperature:.4f}
"""


def _text(value: str) -> str:
    """Return a basic string of TOML, which is JSON's but for one letter."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
