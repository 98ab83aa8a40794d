"""Where a training is, kept in one file that is whole at any moment, so that it goes on after whatever ended it."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from torch import Tensor

from api.models.errors import ModelError
from api.models.torchvision.safetensors import read_with_metadata, write_safetensors
from api.training.errors import TrainingError
from api.training.run import Epoch, RangeTest

FACTS = "facts"
PARTS = ("network", "best")


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep other trainings out of a folder, which is made if it is not there. Raises TrainingError if one is in it."""
    folder.mkdir(parents=True, exist_ok=True)
    entry = os.open(folder, os.O_RDONLY)
    try:
        _lock(entry, folder)
        yield
    finally:
        os.close(entry)


def _lock(entry: int, folder: Path) -> None:
    try:
        fcntl.flock(entry, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise TrainingError(f"a training works in {folder} already: wait for it, or choose another NAME") from error


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class State:
    """After `step` steps of training all layers. `loss` is the sum of the losses of the epoch so far.

    `best`: the network of the epoch with the lowest validation loss, or the one that it began with. `network` and
    `optimizer` are filled only on their way into the file and out of it.
    """

    range_test: RangeTest
    epochs: tuple[Epoch, ...]
    best_loss: float
    seconds: float
    step: int = 0
    loss: float = 0.0
    best_epoch: int = 0
    network: Mapping[str, Tensor] = field(default_factory=dict)
    best: Mapping[str, Tensor] = field(default_factory=dict)
    optimizer: Mapping[int, Mapping[str, Tensor]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StateFile:
    """The file. `key` stands for all that the training depends on: with another one, nothing is there."""

    path: Path
    key: str

    def save(self, state: State) -> None:
        """Write the state, in place of the one before."""
        tensors = {f"{part}/{name}": value for part in PARTS for name, value in getattr(state, part).items()}
        for number, values in state.optimizer.items():
            tensors |= {f"optimizer/{number}/{name}": value for name, value in values.items()}
        facts = {
            "key": self.key,
            "range_test": asdict(state.range_test),
            "epochs": [asdict(epoch) for epoch in state.epochs],
            **{name: getattr(state, name) for name in NUMBERS},
        }
        write_safetensors(self.path, tensors, {FACTS: json.dumps(facts)})

    def load(self) -> State | None:
        """Return the state that was saved, if there is one of the same training."""
        try:
            tensors, metadata = read_with_metadata(self.path)
            facts = json.loads(metadata[FACTS])
            return _state(facts, tensors) if facts["key"] == self.key else None
        except (FileNotFoundError, ModelError, ValueError, LookupError, TypeError):
            return None

    def forget(self) -> None:
        """Remove the file."""
        self.path.unlink(missing_ok=True)


NUMBERS = ("step", "loss", "best_loss", "best_epoch", "seconds")


def _state(facts: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> State:
    parts: dict[str, dict[str, Tensor]] = {part: {} for part in PARTS}
    optimizer: dict[int, dict[str, Tensor]] = {}
    for name, value in tensors.items():
        part, _, inner = name.partition("/")
        if part == "optimizer":
            number, _, key = inner.partition("/")
            optimizer.setdefault(int(number), {})[key] = value
        else:
            parts[part][inner] = value
    test = facts["range_test"]
    return State(
        range_test=RangeTest(
            learning_rates=tuple(test["learning_rates"]), losses=tuple(test["losses"]), chosen=test["chosen"]
        ),
        epochs=tuple(Epoch(**epoch) for epoch in facts["epochs"]),
        optimizer=optimizer,
        network=parts["network"],
        best=parts["best"],
        **{name: facts[name] for name in NUMBERS},
    )
