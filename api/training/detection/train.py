"""`make train` for a folder of photographs with boxes: a detector of torchvision's that learns to find them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torchvision.models import get_model_weights

from api.training.detection.average_precision import Precision
from api.training.detection.dataset import BoxedDataset, BoxedPhotograph, read_boxes
from api.training.detection.export import check_name, write_model
from api.training.detection.learning import Training
from api.training.detection.networks import Start, begin
from api.training.detection.plan import Plan
from api.training.detection.state import Epoch, State, digest_of
from api.training.progress import Progress


@dataclass(frozen=True, slots=True)
class Trained:
    """What came of it. `precision` is that of the photographs that were held out, by the places of `labels`."""

    labels: tuple[str, ...]
    precision: Precision
    epochs: tuple[Epoch, ...]
    seconds: float
    files: tuple[Path, ...]


def train_detector(plan: Plan, progress: Progress) -> Trained:
    """Read the data, train, and write the model. Raises TrainingError, of which Stopped if it was stopped."""
    check_name(plan)
    dataset = read_boxes(plan.data, plan.limits, progress)
    held_out = dataset.held_out(seed=plan.seed)
    learnt, measured = (
        [one for one, out in zip(dataset.photographs, held_out, strict=True) if out == side] for side in (False, True)
    )
    _say_data(dataset, learnt, measured, progress)
    if plan.threads:
        torch.set_num_threads(plan.threads)
    torch.manual_seed(plan.seed)
    start = begin(plan.builder, dataset.labels, plan.size, plan.weights_dir)
    _say_start(plan, start, progress)
    training = Training(plan, start, learnt, measured, progress)
    try:
        state = training.run(_digest(plan, dataset))
        precision = training.measure(state.best)
    finally:
        training.close()
    files = write_model(plan, start, dataset, measured, state, precision)
    State.forget(plan.folder)
    return Trained(dataset.labels, precision, tuple(state.epochs), state.seconds, files)


def _digest(plan: Plan, dataset: BoxedDataset) -> str:
    data = [(one.name, one.size, one.boxes.tolist(), one.labels.tolist()) for one in dataset.photographs]
    asked = {name: getattr(plan, name) for name in ("builder", "size", "epochs", "batch", "seed")}
    return digest_of({"data": data, "labels": dataset.labels, "asked": asked, "torch": torch.__version__})


def _say_data(
    dataset: BoxedDataset, learnt: Sequence[BoxedPhotograph], measured: Sequence[BoxedPhotograph], progress: Progress
) -> None:
    for one in dataset.refused:
        progress.say(f"Left out: {one.name}: {one.reason}")
    boxes = sum(len(one.labels) for one in dataset.photographs)
    progress.say(
        f"{len(dataset.photographs)} photographs with {boxes} boxes of {', '.join(dataset.labels)}: it learns from"
        f" {len(learnt)}, and {len(measured)} are held out to measure with."
    )


def _say_start(plan: Plan, start: Start, progress: Progress) -> None:
    if start.weights is None:
        progress.say(
            f"{plan.builder}.pth is not in {plan.weights_dir}: the network begins with no knowledge at all, and needs"
            f" many more photographs and hours. torchvision's is {get_model_weights(plan.builder).DEFAULT.url}"
        )
    else:
        known = f", of your labels {', '.join(start.known)}" if start.known else ""
        progress.say(f"It begins with {start.weights.name}, which knows COCO's labels{known}.")
