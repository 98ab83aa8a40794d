"""Trainings that nobody ran: photographs of noise, and a model that knows their labels nearly always."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from api.training.dataset import Refused
from api.training.run import CurvePoint, Epoch, RangeTest, Run
from api.training.split import is_validation
from api.training.thumbnail import thumbnail

DIMENSIONS = 64
SURE = 8.0  # times the cosine to a label's centre are its logits
REFUSED = Refused("bee/broken.jpg", "The image is cut off or damaged; it could not be decoded to its end.")


def make_run(
    labels: Sequence[str] = ("ant", "bee", "cat"),
    each: int = 20,
    *,
    wrong: Mapping[int, int] | None = None,
    data: Path | None = None,
    **changes: Any,
) -> Run:
    """Return a run of `each` photographs of every label.

    `wrong` gives photographs, by their numbers, a label that is not theirs. With `data` they are written there.
    """
    rng = np.random.default_rng(7)
    truth = np.repeat(np.arange(len(labels)), each)
    label = truth.copy()
    for place, other in (wrong or {}).items():
        label[place] = other
    centres = _of_length_1(rng.normal(size=(len(labels), DIMENSIONS)))
    features = _of_length_1(centres[truth] + rng.normal(scale=0.08, size=(len(truth), DIMENSIONS)))
    logits = SURE * features @ centres.T
    powers = np.exp(logits)
    names = tuple(f"{labels[number]}/{place:04}.png" for place, number in enumerate(label))
    pictures = [make_photograph(rng) for _ in truth]
    if data:
        for name, picture in zip(names, pictures, strict=True):
            (data / name).parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(picture).save(data / name)
    run = Run(
        name="insects",
        task="classification",
        data=data or Path("insects"),
        made="2026-11-27",
        command="make train DATA=insects NAME=insects",
        machine="2 cores",
        backbone="mobilenet_v2",
        labels=tuple(labels),
        seed=0,
        image_size=(224, 224),
        seconds=203.4,
        epochs=tuple(_epoch(number) for number in range(12)),
        range_test=_range_test(),
        temperature=0.6,
        learning_curve=tuple(CurvePoint(photographs=16 * 2**step, accuracy=1 - 0.3 * 0.6**step) for step in range(4)),
        refused=(REFUSED,),
        photographs=names,
        label=label,
        is_validation=is_validation(label),
        logits=logits.astype(np.float32),
        out_of_fold=(powers / powers.sum(axis=1, keepdims=True)).astype(np.float32),
        features=features.astype(np.float16),
        thumbnail=np.stack([thumbnail(picture) for picture in pictures]),
    )
    return replace(run, **changes)


def make_photograph(rng: np.random.Generator, height: int = 96, width: int = 128) -> NDArray[np.uint8]:
    """Return soft blobs of colour, HWC uint8 RGB, no two alike."""
    coarse = Image.fromarray(rng.integers(0, 256, (6, 8, 3), np.uint8))
    return np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC))


def _of_length_1(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def _epoch(number: int) -> Epoch:
    return Epoch(
        phase="head" if number < 4 else "all",
        number=number + 1 if number < 4 else number - 3,
        learning_rate=0.01,
        loss=1.1 * 0.7**number + 0.02,
        validation_loss=1.1 * 0.75**number + 0.08,
        validation_accuracy=0.98 - 0.6 * 0.6**number,
    )


def _range_test() -> RangeTest:
    rates = np.geomspace(1e-5, 1, 40)
    losses = 1.1 - 0.8 / (1 + (3e-3 / rates) ** 1.5) + np.maximum(0, np.log10(rates / 3e-2)) ** 2 * 6
    return RangeTest(learning_rates=tuple(rates.tolist()), losses=tuple(losses.tolist()), chosen=6e-3)
