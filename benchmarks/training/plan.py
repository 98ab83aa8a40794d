"""What each program is given, and what it gives back. Needs only Python: a peer runs in an environment of its own."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Plan:
    """The same for all: (path, label) of the photographs, the place of a label in `labels`, the input's side.

    `weights`: torchvision's own of MobileNetV2 for ImageNet. After `most_seconds` no further epoch begins.
    """

    learnt: tuple[tuple[str, int], ...]
    held_out: tuple[tuple[str, int], ...]
    labels: tuple[str, ...]
    side: int
    weights: str
    threads: int
    seed: int
    most_seconds: float
    mirrors: bool  # whether pictures are mirrored by chance, as both peers do unless they are told otherwise


@dataclass(frozen=True)
class Epoch:
    """After an epoch: the share of the held-out photographs that is right, and the seconds since the process began."""

    accuracy: float
    seconds: float


def run_peer(train: Callable[[Plan], tuple[Sequence[int], Sequence[Epoch]]]) -> None:
    """Be a program: `PLAN RESULT` are files. `train` returns what it says of those held out, and its epochs."""
    source, target = map(Path, sys.argv[1:])
    values = json.loads(source.read_text())
    pairs = {name: tuple((path, label) for path, label in values[name]) for name in ("learnt", "held_out")}
    said, epochs = train(Plan(**{**values, **pairs, "labels": tuple(values["labels"])}))
    target.write_text(json.dumps({"said": list(map(int, said)), "epochs": [asdict(epoch) for epoch in epochs]}))


BEGAN_S = time.perf_counter()


def elapsed() -> float:
    """Return the seconds since this module was loaded, which is the first thing that a peer does."""
    return time.perf_counter() - BEGAN_S
