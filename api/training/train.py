"""From a data set to a model that serves: head first, then all layers, then how sure it may be."""

import hashlib
import json
import math
import time
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from api.images.limits import ImageLimits
from api.models.formats import TORCHVISION, find_format
from api.training.backbones import Normalize, choose_device, describe_machine, load_backbone, put_head
from api.training.calibrate import find_temperature
from api.training.dataset import Dataset
from api.training.errors import TrainingError
from api.training.export import export
from api.training.fine_tune import FineTuning, Lesson
from api.training.frozen import Heads, forget_features, learn_heads, may_mirror, read_features
from api.training.head import label_weights
from api.training.pictures import Pictures, describe_input, forget_pictures, read_pictures
from api.training.progress import Progress
from api.training.run import FACTS, Run, training_folder
from api.training.split import is_validation
from api.training.state import State, StateFile, alone_in

SEEN = 36_000  # photographs in all epochs, about: the fewer there are, the more often each is seen
EPOCHS = (4, 15)  # at least and at most
BATCH = (16, 64)
STEPS = 20  # of an epoch, from which on batches grow
STATE = "state.safetensors"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the owner may choose. None: what suits the photographs."""

    backbone: str = "mobilenet_v2"
    epochs: int | None = None  # of all layers
    side: int | None = None  # of the network's input, in pixels
    seed: int = 0


def check_name(name: str, weights: Path) -> None:
    """Raise TrainingError if a model that was not trained here has the name."""
    kind = find_format(name, weights)
    taken = weights / f"{name}{kind.endings[0]}"
    is_own = kind is TORCHVISION and (training_folder(name, weights) / FACTS).is_file()
    if taken.is_file() and not is_own:
        raise TrainingError(f"{taken.name} is there already and was not trained here: choose another NAME")


def train(
    dataset: Dataset,
    name: str,
    weights: Path,
    wish: Wish,
    *,
    limits: ImageLimits,
    threads: int,
    progress: Progress,
    command: str = "",
) -> Run:
    """Train, or go on with the same training that was stopped; writes the model and the run into `weights`.

    `command` is what was typed. Raises TrainingError, and Stopped with all kept to go on.
    """
    torch.set_num_threads(threads)
    check_name(name, weights)
    folder = training_folder(name, weights)
    with alone_in(folder):
        run, network = _learn(dataset, name, wish, weights=weights, folder=folder, limits=limits, progress=progress)
        run = replace(run, command=command, machine=describe_machine(choose_device(), threads))
        export(run, network, describe_input(run.image_size[0]), weights)
        run.save(folder)
        StateFile(folder / STATE, "").forget()
        forget_features(folder)
        forget_pictures(folder)
    return run


def _learn(
    dataset: Dataset, name: str, wish: Wish, *, weights: Path, folder: Path, limits: ImageLimits, progress: Progress
) -> tuple[Run, nn.Module]:
    """Return what was learnt, and the network that has learnt it. Raises TrainingError, Stopped."""
    began_s, device = time.monotonic(), choose_device()
    network = load_backbone(wish.backbone, weights).to(device).to(memory_format=torch.channels_last)
    pictures = read_pictures(dataset, wish.side, limits=limits, folder=folder, progress=progress)
    key = _key(pictures, wish)
    held_out = is_validation(pictures.labels, seed=wish.seed)
    normalize = Normalize(wish.backbone).to(device)
    features = read_features(network, normalize, pictures.pixels, folder=folder, key=key, progress=progress)
    labels = torch.from_numpy(pictures.labels).to(device)
    heads = learn_heads(features, labels, held_out, len(dataset.labels), wish.seed)
    progress.say(f"The head alone: {100 * heads.epochs[-1].validation_accuracy:.1f} % right.")
    mirrors = may_mirror(network, heads.head, normalize, pictures.pixels, labels, held_out)
    if not mirrors:
        progress.say("In a mirror they would be something else, so none is mirrored.")
    put_head(network, wish.backbone, heads.head)
    tuning = FineTuning(network, normalize, _make_lesson(pictures, labels, held_out, mirrors, wish), progress)
    file = StateFile(folder / STATE, key)
    state = tuning.run(file.load() or _first_state(tuning, wish.backbone, heads, began_s), file)
    logits = tuning.logits(np.arange(len(labels))).numpy()
    return _make_run(pictures, name, wish, state, heads, features, logits), network


def _key(pictures: Pictures, wish: Wish) -> str:
    """Return what changes if anything does that the training depends on."""
    facts = [pictures.key, pictures.dataset.labels, pictures.labels.tolist(), asdict(wish), choose_device().type]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _make_lesson(pictures: Pictures, labels: Tensor, held_out: NDArray[np.bool_], mirrors: bool, wish: Wish) -> Lesson:
    train = np.flatnonzero(~held_out)
    return Lesson(
        pixels=pictures.pixels,
        labels=labels,
        train=train,
        validation=np.flatnonzero(held_out),
        weights=label_weights(labels[torch.from_numpy(train).to(labels.device)], len(pictures.dataset.labels)),
        mirrors=mirrors,
        epochs=wish.epochs or _between(round(SEEN / len(train)), EPOCHS),
        batch=_between(2 ** int(math.log2(max(1, len(train) / STEPS))), BATCH),
        seed=wish.seed,
    )


def _first_state(tuning: FineTuning, builder: str, heads: Heads, began_s: float) -> State:
    """Return the state before the first step: the head on the published network is the best so far."""
    best = tuning.copy_network()
    tuning.adapt(builder)
    return State(
        range_test=tuning.find_rate(),
        epochs=heads.epochs,
        best_loss=heads.epochs[-1].validation_loss,
        best=best,
        seconds=time.monotonic() - began_s,
    )


def _make_run(
    pictures: Pictures,
    name: str,
    wish: Wish,
    state: State,
    heads: Heads,
    features: Tensor,
    logits: NDArray[np.float32],
) -> Run:
    held_out = is_validation(pictures.labels, seed=wish.seed)
    dataset = pictures.dataset
    return Run(
        name=name,
        task="classification",
        data=dataset.folder.resolve(),
        made=datetime.now(UTC).date().isoformat(),
        backbone=wish.backbone,
        labels=dataset.labels,
        seed=wish.seed,
        image_size=(pictures.side, pictures.side),
        seconds=state.seconds,
        epochs=state.epochs,
        range_test=state.range_test,
        temperature=find_temperature(logits[held_out], pictures.labels[held_out]),
        learning_curve=heads.learning_curve,
        refused=dataset.refused,
        photographs=tuple(one.name for one in dataset.photographs),
        label=pictures.labels,
        is_validation=held_out,
        logits=logits,
        out_of_fold=heads.out_of_fold,
        features=F.normalize(features).half().cpu().numpy(),
        thumbnail=pictures.thumbnail,
    )


def _between(value: int, bounds: tuple[int, int]) -> int:
    return min(max(value, bounds[0]), bounds[1])
