"""Run in LibreYOLO's environment: its checkpoint of Darknet weights, and its OpenVINO export of that.

`python libreyolo_export.py WEIGHTS SIZE NAMES TARGET` writes TARGET.pt and TARGET_openvino/. SIZE is LibreYOLO's letter
for the architecture: t (yolov3-tiny) or b (yolov3).
"""

import sys
from pathlib import Path

import torch
from libreyolo import LibreYOLO
from libreyolo.models.darknet import load_darknet_weights_file
from libreyolo.models.yolo3.model import LibreYOLO3
from libreyolo.utils.serialization import wrap_libreyolo_checkpoint

weights, size, names, target = sys.argv[1:]
labels = dict(enumerate(Path(names).read_text().splitlines()))
model = LibreYOLO3(None, size=size, nb_classes=len(labels), device="cpu")
load_darknet_weights_file(model.model.net, weights)
checkpoint = wrap_libreyolo_checkpoint(
    model.model.state_dict(), model_family="yolo3", size=size, task="detect", nc=len(labels), names=labels, imgsz=416
)
torch.save(checkpoint, f"{target}.pt")
LibreYOLO(f"{target}.pt", device="cpu").export(format="openvino", output_path=f"{target}_openvino")
