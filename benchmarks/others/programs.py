"""How other programs' servers are made ready, started and asked: with Pagesight's models and the same photograph.

Both are installed with `scripts/setup_other_servers.sh`. Neither fetches a model here: LibreYOLO reads the Darknet
weights, and `inference` gets the ONNX graph as a local package of the kind of detector whose outputs it resembles.
"""

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load import Post
from benchmarks.model_files import SIZE, BenchmarkFiles
from benchmarks.others.decoded_onnx import write_decoded

HERE = Path(__file__).parent
LIBREYOLO_SIZES = {"yolov3-tiny": "t", "yolov3": "b"}
CONFIDENCE, IOU = 0.25, 0.45
OFFLINE = {
    "OFFLINE_MODE": "True",
    "ALLOW_INFERENCE_MODELS_DIRECTLY_ACCESS_LOCAL_PACKAGES": "True",
    "METRICS_ENABLED": "False",
    "TELEMETRY_OPT_OUT": "True",
}


@dataclass(frozen=True)
class Program:
    """A server. `command` takes a port; `make_post` a port and a JPEG."""

    name: str
    command: Callable[[int], list[str]]
    make_post: Callable[[int, bytes], Post]
    folder: Path  # where it runs; it may write here
    environment: dict[str, str]


def libreyolo(files: BenchmarkFiles, environments: Path) -> list[Program]:
    """Return LibreYOLO's server (`libreyolo ui`), with its PyTorch model and with its OpenVINO export of it."""
    home = environments / "libreyolo"
    folder = files.folder / "libreyolo"
    folder.mkdir(exist_ok=True)
    target = folder / files.name
    if not target.with_suffix(".pt").exists():
        script = [str(HERE / "libreyolo_export.py"), str(files.weights), LIBREYOLO_SIZES[files.name], str(files.names)]
        subprocess.run([str(home / "bin" / "python"), *script, str(target)], check=True, cwd=folder)
    models = {"PyTorch": target.with_suffix(".pt"), "OpenVINO": folder / f"{files.name}_openvino"}

    def command(port: int) -> list[str]:
        return [str(home / "bin" / "libreyolo"), "ui", "--no-browser", "--device", "cpu", "--port", str(port)]

    def asking(model: Path) -> Callable[[int, bytes], Post]:
        path = f"/api/infer?model={model}&conf={CONFIDENCE}"
        return lambda port, jpeg: Post(port, path, jpeg, {"X-Filename": "a.jpg"}, expected=b'"type": "result"')

    return [
        Program(f"LibreYOLO by {engine}, with the picture", command, asking(model), folder, {})
        for engine, model in models.items()
    ]


def inference(files: BenchmarkFiles, environments: Path) -> list[Program]:
    """Return roboflow's `inference`, which computes ONNX graphs with ONNX Runtime and answers without a picture."""
    home = environments / "inference"
    folder = files.folder / "inference"
    package = folder / files.name
    package.mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / "inference_app.py", folder)
    write_decoded(files.peer("onnx"), files.cfg, package / "weights.onnx")
    shutil.copy(files.names, package / "class_names.txt")
    kind = {"model_architecture": "yolonas", "task_type": "object-detection", "backend_type": "onnx"}
    network_input = {
        "training_input_size": {"height": SIZE, "width": SIZE}, "dynamic_spatial_size_supported": False,
        "color_mode": "rgb", "resize_mode": "letterbox", "padding_value": 127, "input_channels": 3,
        "scaling_factor": 255,
    }  # fmt: skip
    configuration = {
        "image_pre_processing": {},
        "network_input": network_input,
        "post_processing": {"type": "nms", "fused": False},
    }
    (package / "model_config.json").write_text(json.dumps(kind))
    (package / "inference_config.json").write_text(json.dumps(configuration))

    def command(port: int) -> list[str]:
        return [str(home / "bin" / "python"), "-m", "uvicorn", "inference_app:app", "--port", str(port)]

    def make_post(port: int, jpeg: bytes) -> Post:
        image = {"type": "base64", "value": base64.b64encode(jpeg).decode("ascii")}
        words = {"model_id": str(package), "image": image, "confidence": CONFIDENCE, "iou_threshold": IOU}
        body = json.dumps({**words, "api_key": "none"}).encode("ascii")
        return Post(
            port, "/infer/object_detection", body, {"Content-Type": "application/json"}, expected=b"predictions"
        )

    environment = {**OFFLINE, "MODEL_CACHE_DIR": str(folder / "cache"), "HOME": str(folder)}
    return [Program("inference by ONNX Runtime", command, make_post, folder, environment)]


def start(program: Program, port: int) -> subprocess.Popen[bytes]:
    """Start a program's server; what it says goes to `server.log` in its folder."""
    with (program.folder / "server.log").open("wb") as log:
        return subprocess.Popen(
            program.command(port), cwd=program.folder, env={**os.environ, **program.environment}, stdout=log, stderr=log
        )


def installed(files: BenchmarkFiles, environments: Path) -> list[Program]:
    """Return the servers of all programs whose environments are there."""
    programs: list[Program] = []
    for make in (libreyolo, inference):
        if (environments / make.__name__).is_dir():
            programs += make(files, environments)
        else:
            sys.stderr.write(f"{environments / make.__name__} is not there: scripts/setup_other_servers.sh makes it\n")
    return programs
