"""A trained detector as files that serve, `NAME.safetensors` and `NAME.torchvision.toml`, and what measures it."""

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from torch import Tensor

from api.models.formats import TORCHVISION, find_format
from api.models.torchvision.safetensors import write_safetensors
from api.training.detection.average_precision import Precision
from api.training.detection.dataset import BoxedDataset, BoxedPhotograph
from api.training.detection.layouts import coco_of
from api.training.detection.networks import Start
from api.training.detection.plan import Plan
from api.training.detection.state import State
from api.training.errors import TrainingError

RUN = "detection.json"
VALIDATION = "validation"  # a data set for `make evaluate`: the photographs that were held out


def check_name(plan: Plan) -> None:
    """Raise TrainingError if a model that was not trained here has the name."""
    kind = find_format(plan.name, plan.weights_dir)
    taken = plan.weights_dir / f"{plan.name}{kind.endings[0]}"
    if taken.is_file() and not (kind is TORCHVISION and (plan.folder / RUN).is_file()):
        raise TrainingError(f"{taken.name} is there already and was not trained here: choose another NAME")


def write_model(
    plan: Plan,
    start: Start,
    dataset: BoxedDataset,
    measured: Sequence[BoxedPhotograph],
    state: State,
    precision: Precision,
) -> tuple[Path, ...]:
    """Write the model, what was measured, and the data set of what was held out; returns the files of the model."""
    weights = plan.weights_dir / f"{plan.name}.safetensors"
    description = plan.weights_dir / f"{plan.name}.torchvision.toml"
    _write_validation(plan.folder / VALIDATION, dataset, measured)
    _write_whole(plan.folder / RUN, json.dumps(_describe_run(plan, dataset, state, precision), indent=1) + "\n")
    write_safetensors(weights, _numbers(state.best), {"format": "pt"})
    _write_whole(description, _describe_model(plan, start, dataset, precision, measured))
    return weights, description


def _numbers(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return what is served of a state: the batches that a normalization has seen serve training alone."""
    return {name: values for name, values in state.items() if not name.endswith("num_batches_tracked")}


def _describe_model(
    plan: Plan, start: Start, dataset: BoxedDataset, precision: Precision, measured: Sequence[BoxedPhotograph]
) -> str:
    """Return the TOML. It names the data's folder, but not where that is."""
    eps = "" if start.eps is None else f"batch_norm_eps = {start.eps}\n"
    return f"""# Written by `make train`.
builder = {_quoted(plan.builder)}
weights = {_quoted(f"{plan.name}.safetensors")}
labels = [{", ".join(map(_quoted, dataset.labels))}]
{eps}[input]
size = [{start.size[0]}, {start.size[1]}]
sampling = "antialias"
[training]
made = {_quoted(datetime.now(UTC).date().isoformat())}
data = {_quoted(plan.data.resolve().name)}
photographs = {len(dataset.photographs) - len(measured)}
validated_on = {len(measured)}
average_precision = {precision.ap:.4f}
"""


def _quoted(text: str) -> str:
    """Return a text as TOML writes it: as JSON does, but for one control character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _describe_run(plan: Plan, dataset: BoxedDataset, state: State, precision: Precision) -> dict[str, Any]:
    return {
        "name": plan.name,
        "task": "detection",
        "data": str(plan.data),
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "builder": plan.builder,
        "seed": plan.seed,
        "seconds": round(state.seconds, 1),
        "photographs": len(dataset.photographs),
        "AP": precision.ap,
        "AP50": precision.ap50,
        "labels": {dataset.labels[label]: asdict(one) for label, one in precision.labels.items()},
        "epochs": [asdict(epoch) for epoch in state.epochs],
        "refused": [asdict(one) for one in dataset.refused],
    }


def _write_validation(folder: Path, dataset: BoxedDataset, measured: Sequence[BoxedPhotograph]) -> None:
    """Write the photographs that were held out as links, with their boxes in COCO's form."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "images").mkdir(parents=True)
    numbered = list(enumerate(measured, start=1))
    truth = coco_of(numbered, dataset.labels)
    for image, one in zip(truth["images"], measured, strict=True):
        (folder / "images" / image["file_name"]).symlink_to(one.path.resolve())
    _write_whole(folder / "instances.json", json.dumps(truth) + "\n")


def _write_whole(path: Path, text: str) -> None:
    part = path.with_name(f"{path.name}.part")
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
