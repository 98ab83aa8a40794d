"""What a training leaves behind, for its report and for the cleaning of its data: `weights/NAME.training/`."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from api.training.dataset import Refused
from api.training.errors import TrainingError

FACTS = "run.json"
ARRAYS = "predictions.npz"


def training_folder(name: str, weights: Path) -> Path:
    """Return where a training is kept while it runs, and what it leaves behind."""
    return weights / f"{name}.training"


@dataclass(frozen=True, slots=True, kw_only=True)
class Epoch:
    """One pass over the photographs that are learnt from. Losses are cross-entropies in nats, the accuracy a share."""

    phase: Literal["head", "all"]  # what was trained: the last layer, or all
    number: int  # from 1, in its phase
    learning_rate: float  # the highest of the epoch
    loss: float
    validation_loss: float
    validation_accuracy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeTest:
    """The loss while the learning rate grows step by step, and the rate that was chosen from that."""

    learning_rates: tuple[float, ...]
    losses: tuple[float, ...]
    chosen: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """The accuracy on the validation's photographs of a head that learnt from this many others."""

    photographs: int
    accuracy: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Run:
    """A training, and its N photographs; C labels.

    `logits`: the final model's, before any temperature. `out_of_fold`: probabilities by a head that learnt from the
    other four fifths. `features`: the frozen backbone's, each of length 1. `thumbnail`: grey values.
    """

    name: str
    task: str
    data: Path
    made: str  # ISO 8601
    command: str = ""  # what was typed
    machine: str = ""  # in words
    backbone: str
    labels: tuple[str, ...]
    seed: int
    image_size: tuple[int, int]  # (height, width)
    seconds: float
    epochs: tuple[Epoch, ...]
    range_test: RangeTest
    temperature: float
    learning_curve: tuple[CurvePoint, ...]
    refused: tuple[Refused, ...]
    photographs: tuple[str, ...]  # their names
    label: NDArray[np.int64]  # (N,)
    is_validation: NDArray[np.bool_]  # (N,)
    logits: NDArray[np.float32]  # (N, C)
    out_of_fold: NDArray[np.float32]  # (N, C)
    features: NDArray[np.float16]  # (N, D)
    thumbnail: NDArray[np.uint8]  # (N, 16, 16), by api.training.thumbnail

    @property
    def accuracy(self) -> float:
        """The share of the validation's photographs whose label is right."""
        said = self.logits[self.is_validation].argmax(axis=1)
        return float((said == self.label[self.is_validation]).mean())

    def save(self, folder: Path) -> None:
        """Write both files, each whole or not at all."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays = {name: getattr(self, name) for name in ARRAY_NAMES}
        part = folder / f"{ARRAYS}.part"
        with part.open("wb") as file:
            np.savez_compressed(file, **arrays)
        part.replace(folder / ARRAYS)
        facts = {one.name: _plain(getattr(self, one.name)) for one in fields(self) if one.name not in arrays}
        part = folder / f"{FACTS}.part"
        part.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        part.replace(folder / FACTS)

    @classmethod
    def load(cls, folder: Path) -> "Run":
        """Read what `save` wrote. Raises TrainingError."""
        try:
            facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
            with np.load(folder / ARRAYS, allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in ARRAY_NAMES}
            return cls(**_typed(facts), **arrays)
        except FileNotFoundError as error:
            raise TrainingError(f"{folder} holds no training that came to its end: make train is first") from error
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise TrainingError(f"{folder} cannot be read ({error}): train again") from error


ARRAY_NAMES = ("label", "is_validation", "logits", "out_of_fold", "features", "thumbnail")


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return asdict(value) if hasattr(value, "__dataclass_fields__") else value


def _typed(facts: Mapping[str, Any]) -> dict[str, Any]:
    test = facts["range_test"]
    return {
        **facts,
        "data": Path(facts["data"]),
        "labels": tuple(facts["labels"]),
        "image_size": tuple(facts["image_size"]),
        "epochs": tuple(Epoch(**one) for one in facts["epochs"]),
        "range_test": RangeTest(
            learning_rates=tuple(test["learning_rates"]), losses=tuple(test["losses"]), chosen=test["chosen"]
        ),
        "learning_curve": tuple(CurvePoint(**one) for one in facts["learning_curve"]),
        "refused": tuple(Refused(**one) for one in facts["refused"]),
        "photographs": tuple(facts["photographs"]),
    }
