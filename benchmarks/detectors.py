"""Which detector for which machine: each model of a folder, its speed and memory here, beside its published accuracy.

    python -m benchmarks.detectors [FOLDER] [MODEL ...]

Each is loaded in a process of its own, as a server loads it, and asked for the example photograph again and again, from
the JPEG to its detections. The table is printed, and drawn into docs/performance/detectors.png. The speed of a network
does not depend on the values of its weights, so a model with generated weights (`benchmarks.detector_graphs`) will do.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import matplotlib as mpl

from api.images.limits import ImageLimits
from api.models.engines.cores import Cores
from api.models.errors import ModelError
from api.models.formats import FORMATS, OPENVINO, require_model
from api.models.load import load_model
from api.settings import available_cores
from api.tasks.detection.types import DetectionOptions
from api.work.run_image import ImageRequest, run_image
from benchmarks.machine import describe_machine
from benchmarks.memory import NOW, megabytes
from benchmarks.photographs import EXAMPLES

PROJECT = Path(__file__).parents[1]
PICTURE = PROJECT / "docs" / "performance" / "detectors.png"
SECONDS = 4.0
LEAST_RUNS = 15
# AP on COCO's val2017, in percent, as its authors publish it.
PUBLISHED = {
    "yolov3": 31.0,  # test-dev, 416 x 416: https://pjreddie.com/media/files/papers/YOLOv3.pdf
    "yolov3-tiny": 16.6,  # https://github.com/ultralytics/yolov3
    "yolox-nano": 25.8,  # https://github.com/Megvii-BaseDetection/YOLOX
    "yolox-tiny": 32.8,
    "yolox-s": 40.5,
    "rfdetr-nano": 48.4,  # https://github.com/roboflow/rf-detr
    "rfdetr-small": 53.0,
    "dfine-n": 42.8,  # https://github.com/Peterande/D-FINE
    "dfine-s": 48.5,
    "rtdetrv2-s": 48.1,  # https://github.com/lyuwenyu/RT-DETR
    "ssdlite320_mobilenet_v3_large": 21.3,  # https://docs.pytorch.org/vision/stable/models.html
    "fasterrcnn_mobilenet_v3_large_320_fpn": 22.8,
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One model: milliseconds from the JPEG to its detections, megabytes (1e6) of the process and of its files."""

    name: str
    size: tuple[int, int]  # (height, width)
    milliseconds: float
    process_mb: float
    file_mb: float
    precision: str
    licence: str


def main() -> None:
    """Measure, print the table, draw the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=PROJECT / "weights")
    parser.add_argument("models", nargs="*")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(asdict(measure(arguments.models[0], arguments.folder))))
        return
    rows = []
    for name in arguments.models or names_in(arguments.folder):
        print(f"{name} ...", file=sys.stderr)
        rows.append(_measure_apart(name, arguments.folder))
    rows.sort(key=lambda row: row.milliseconds)
    print(f"{describe_machine()}\n\n{format_table(rows)}")
    plot(rows, PICTURE)


def names_in(folder: Path) -> list[str]:
    """Return the models of a folder, but for what was made of others."""
    endings = tuple(known.endings[0] for known in FORMATS if known is not OPENVINO)
    names = sorted({path.name.removesuffix(end) for end in endings for path in folder.glob(f"*{end}")})
    return [name for name in names if _is_there(name, folder)]


def _is_there(name: str, folder: Path) -> bool:
    try:
        require_model(name, folder)
    except ModelError:
        return False
    return True


def measure(name: str, folder: Path) -> Measured:
    """Load a model and time it in this process."""
    cores = Cores(available_cores(), 2)
    model = load_model(name, folder, cores=cores)
    request = ImageRequest((EXAMPLES / "dog.jpg").read_bytes(), annotate=False)
    times: list[float] = []
    end = time.perf_counter() + SECONDS
    while len(times) < LEAST_RUNS or time.perf_counter() < end:
        began = time.perf_counter()
        with cores.taken():
            run_image(request, model, DetectionOptions(), ImageLimits())
        times.append(time.perf_counter() - began)
    files = [path for path in folder.glob(f"{name}.*") if path.suffix not in (".toml", ".names")]
    return Measured(
        name=name,
        size=model.card.input.size,
        milliseconds=round(1000 * statistics.median(times), 1),
        process_mb=round(megabytes(NOW)),
        file_mb=round(sum(path.stat().st_size for path in files) / 1e6, 1),
        precision=model.engine.precision,
        licence=model.card.licence or "",
    )


def _measure_apart(name: str, folder: Path) -> Measured:
    command = [sys.executable, "-m", "benchmarks.detectors", str(folder), name, "--one"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=PROJECT)
    values = json.loads(done.stdout.splitlines()[-1])
    return Measured(**{**values, "size": tuple(values["size"])})


def format_table(rows: list[Measured]) -> str:
    """Return the table, the quickest first."""
    lines = [
        "| model | AP | input | files, MB | ms | process, MB | numbers |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        ap = PUBLISHED.get(row.name)
        lines.append(
            f"| {row.name} | {f'{ap:.1f}' if ap else ''} | {row.size[1]} x {row.size[0]} | {row.file_mb:g} |"
            f" {row.milliseconds:g} | {row.process_mb:g} | {row.precision} |"
        )
    return "\n".join(lines)


def plot(rows: list[Measured], target: Path) -> None:
    """Draw accuracy against milliseconds; a dot's area is the memory."""
    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 4.2), layout="constrained")
    for row in rows:
        ap = PUBLISHED.get(row.name)
        if ap:
            axes.scatter(row.milliseconds, ap, s=row.process_mb / 3, color="#0b6bcb", alpha=0.5)
            axes.annotate(row.name, (row.milliseconds, ap), (5, 5), textcoords="offset points", fontsize="small")
    axes.set(xscale="log", xlabel="milliseconds, JPEG to detections (log)", ylabel="AP on COCO, published")
    axes.set_title("Accuracy, speed and memory (the dots' area)")
    axes.grid(alpha=0.3)
    figure.savefig(target, dpi=110)
    plt.close(figure)


if __name__ == "__main__":
    main()
