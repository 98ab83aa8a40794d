"""Networks of permissive detectors with weights that nobody trained: for `benchmarks.detectors`, which measures speed.

    python -m benchmarks.detector_graphs FOLDER

The networks are those of torchvision, of RF-DETR's own package and of LibreYOLO (YOLOX, D-FINE). It needs an own
environment, with this project's packages and `pip install rfdetr[onnx] libreyolo onnx`; nothing here installs them.
"""

import argparse
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from harness.gunicorn_server import PROJECT
from harness.torchvision_models import save_model

TORCHVISION = ("ssdlite320_mobilenet_v3_large", "fasterrcnn_mobilenet_v3_large_320_fpn")
DETR_TOML = """\
family = "transformers"
[input]
mean = [0.0, 0.0, 0.0]
std = [1.0, 1.0, 1.0]
[output]
activation = "sigmoid"
"""


def main() -> None:
    """Write all of them that are not there yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(exist_ok=True)
    shutil.copy(PROJECT / "weights" / "coco.names", folder)
    torch.manual_seed(0)
    writers: dict[str, Callable[[Path, str], None]] = {
        **dict.fromkeys(TORCHVISION, write_torchvision),
        "rfdetr-nano": write_rf_detr,
        "rfdetr-small": write_rf_detr,
        "yolox-tiny": write_yolox,
        "yolox-s": write_yolox,
        "dfine-n": write_dfine,
        "dfine-s": write_dfine,
    }
    for name, write in writers.items():
        if not list(folder.glob(f"{name}.*")):
            print(name, file=sys.stderr)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                write(folder, name)


def write_torchvision(folder: Path, name: str) -> None:
    """Write one of torchvision's own, by its name."""
    from torchvision.models import get_model

    network = get_model(name, weights=None, weights_backbone=None, num_classes=91)
    save_model(network, folder, name, f'builder = "{name}"\n')


def write_rf_detr(folder: Path, name: str) -> None:
    """Write one of RF-DETR's, as its package exports it."""
    import rfdetr

    model = getattr(rfdetr, f"RFDETR{name.partition('-')[2].capitalize()}")(pretrain_weights=None)
    with tempfile.TemporaryDirectory() as scratch:
        model.export(output_dir=scratch)
        (exported,) = Path(scratch).rglob("*.onnx")
        shutil.copy(exported, folder / f"{name}.onnx")
    _name_after_coco(folder, name)


class Rows(nn.Module):
    """A YOLOX whose maps are put together as YOLOX itself exports them: (1, cells, 85)."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor) -> Tensor:
        """Return a row for each cell."""
        return torch.cat([cells.flatten(2) for cells in self.network(x)], dim=2).permute(0, 2, 1)


def write_yolox(folder: Path, name: str) -> None:
    """Write a YOLOX of LibreYOLO's."""
    from libreyolo.models.yolox.nn import LibreYOLOXModel

    side = 416 if name.endswith("tiny") else 640
    network = LibreYOLOXModel(name.partition("-")[2][0])
    _export(Rows(network), folder / f"{name}.onnx", side, input_names=["images"], output_names=["output"])


def write_dfine(folder: Path, name: str) -> None:
    """Write a D-FINE of LibreYOLO's, before its boxes are picked."""
    from libreyolo.models.dfine.nn import DFINEExportWrapper, LibreDFINEModel

    network = DFINEExportWrapper(LibreDFINEModel(name.partition("-")[2], nb_classes=80).eval())
    target = folder / f"{name}.onnx"
    _export(network, target, 640, input_names=["pixel_values"], output_names=["logits", "pred_boxes"])
    (folder / f"{name}.toml").write_text(DETR_TOML)


def _export(network: nn.Module, target: Path, side: int, **names: Any) -> None:
    torch.onnx.export(
        network.eval(), (torch.zeros(1, 3, side, side),), target, dynamo=False, opset_version=17, **names
    )  # fmt: skip


def _name_after_coco(folder: Path, name: str) -> None:
    shutil.copy(folder / "coco.names", folder / f"{name}.names")


if __name__ == "__main__":
    main()
