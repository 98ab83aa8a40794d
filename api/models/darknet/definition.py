"""Darknet's three files to a card and a torch module: what is converted, and what PyTorch computes by itself."""

from dataclasses import asdict
from pathlib import Path

from torch import nn

from api.models.card import InputSpec, ModelCard
from api.models.converted.files import ConvertedFiles
from api.models.converted.torch_graph import write_torch_graph
from api.models.darknet.files import DESCRIPTION_KEYS, ModelFiles
from api.models.darknet.fit import read_fit
from api.models.darknet.network import Network, read_network
from api.models.darknet.weights import load_weights, read_header
from api.models.description import read_description
from api.models.engines.torch import InFloat32
from api.tasks.detection.yolo import FAMILY


def read_definition(name: str, folder: Path) -> tuple[ModelCard, nn.Module]:
    """Read `name`'s cfg, weights and names in `folder`; the module returns the raw heads by name. Raises ModelError."""
    files = ModelFiles(name, folder)
    network = read_network(files.cfg)
    description = read_description(name, folder, DESCRIPTION_KEYS)
    fit = read_fit(files, read_header(files.weights).version, description.input.get("resize"))
    card = ModelCard(
        name=name,
        task="detection",
        family=FAMILY,
        labels=files.read_labels(network.classes),
        input=InputSpec(size=network.input_size, resize=fit.fit, cell=network.stride),
        source_format="Darknet",
        licence=description.licence,
        origin=description.source,
        output={"heads": [asdict(head) for head in network.heads]},
        reasons={"input.resize": fit.reason},
    )
    load_weights(network, files.weights)
    _keep_heads_precise(network)
    return card, network.eval()


def write_graph(name: str, folder: Path, files: ConvertedFiles) -> ModelCard:
    """Write the model's graph for OpenVINO; returns its card. Raises ModelError."""
    card, module = read_definition(name, folder)
    write_torch_graph(card, module, files)
    return card


def _keep_heads_precise(network: Network) -> None:
    """Let the heads' last convolutions compute in float32: their numbers are exponents and probabilities."""
    for index, convolution in network.convolutions():
        if network.feeds_head(index):
            network.layers[index] = InFloat32(convolution)
