"""All that is learnt while the backbone stays as it is: from its features, computed once."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from api.models.errors import ModelError
from api.models.torchvision.safetensors import read_with_metadata, write_safetensors
from api.training.backbones import Normalize
from api.training.features import AT_ONCE, compute
from api.training.head import fit_head, label_weights
from api.training.progress import Progress, steps_of
from api.training.run import CurvePoint, Epoch
from api.training.split import folds

SHARES = (0.1, 0.2, 0.4, 0.7, 1.0)  # of the photographs that are learnt from, for the learning curve
MIRRORED = 500  # photographs that say whether a mirror changes what they are
LOST_BY_A_MIRROR = 0.02  # of the accuracy
FILE = "features.safetensors"


@dataclass(frozen=True, slots=True, eq=False)
class Heads:
    """The head that all layers are trained from, and what other heads say of the data."""

    head: nn.Linear
    epochs: tuple[Epoch, ...]
    out_of_fold: NDArray[np.float32]  # (N, C): probabilities by a head that has not learnt from the photograph
    learning_curve: tuple[CurvePoint, ...]


def read_features(
    network: nn.Module, normalize: Normalize, pixels: NDArray[np.uint8], *, folder: Path, key: str, progress: Progress
) -> Tensor:
    """Return the features (N, D), computed or as they are kept in `folder` under this key. Raises Stopped."""
    try:
        tensors, metadata = read_with_metadata(folder / FILE)
        if metadata.get("key") == key:
            return tensors["features"].to(normalize.mean.device)
    except (FileNotFoundError, ModelError):
        pass
    places = np.arange(len(pixels))
    batches = compute(network, normalize, pixels, places)
    count = -(-len(places) // AT_ONCE)
    features = torch.cat(list(steps_of(batches, "looking at the photographs", count, progress)))
    write_safetensors(folder / FILE, {"features": features}, {"key": key})
    return features.to(normalize.mean.device)


def learn_heads(features: Tensor, labels: Tensor, held_out: NDArray[np.bool_], classes: int, seed: int) -> Heads:
    """Return heads that have learnt from features (N, D) and labels (N,); `held_out` are the validation's."""
    train, rest = (torch.from_numpy(np.flatnonzero(which)).to(labels.device) for which in (~held_out, held_out))
    weights = label_weights(labels[train], classes)
    epochs: list[Epoch] = []

    def follow(number: int, head: nn.Linear) -> None:
        with torch.inference_mode():
            loss = F.cross_entropy(head(features[train]), labels[train], weights)
            scores = head(features[rest])
            epoch = Epoch(
                phase="head",
                number=number,
                learning_rate=1.0,  # a line search finds its own steps
                loss=float(loss),
                validation_loss=float(F.cross_entropy(scores, labels[rest])),
                validation_accuracy=_accuracy(scores, labels[rest]),
            )
        epochs.append(epoch)

    head = fit_head(features[train], labels[train], weights, follow)
    return Heads(
        head,
        tuple(epochs),
        ask_out_of_fold(features, labels, classes, seed),
        tuple(_learning_curve(features, labels, (train, rest), classes, seed)),
    )


def may_mirror(
    network: nn.Module,
    head: nn.Linear,
    normalize: Normalize,
    pixels: NDArray[np.uint8],
    labels: Tensor,
    held_out: NDArray[np.bool_],
) -> bool:
    """Return whether photographs stay what they are in a mirror: letters, digits and arrows do not.

    A head that has never seen a mirrored one says what it sees in those that were held out.
    """
    places = np.flatnonzero(held_out)
    places = places[:: -(-len(places) // MIRRORED)]
    truth = labels[torch.from_numpy(places).to(labels.device)]
    with torch.inference_mode():
        right, mirrored = (
            _accuracy(
                head(torch.cat(list(compute(network, normalize, pixels, places, mirrored=way))).to(truth.device)), truth
            )
            for way in (False, True)
        )
    return (right - mirrored) * len(places) <= max(1.0, LOST_BY_A_MIRROR * len(places))


def forget_features(folder: Path) -> None:
    """Remove what is kept."""
    (folder / FILE).unlink(missing_ok=True)


def ask_out_of_fold(features: Tensor, labels: Tensor, classes: int, seed: int) -> NDArray[np.float32]:
    """Return (N, C) probabilities, each row by a head that has learnt from the other four fifths."""
    fold = torch.from_numpy(folds(labels.cpu().numpy(), seed=seed)).to(labels.device)
    said = torch.zeros(len(labels), classes, device=labels.device)
    for number in range(int(fold.max()) + 1):
        known = fold != number
        head = fit_head(features[known], labels[known], label_weights(labels[known], classes))
        with torch.inference_mode():
            said[~known] = head(features[~known]).softmax(1)
    return np.asarray(said.cpu().numpy(), np.float32)


def _learning_curve(
    features: Tensor, labels: Tensor, parts: tuple[Tensor, Tensor], classes: int, seed: int
) -> Iterator[CurvePoint]:
    """Yield the accuracy of heads that have learnt from more and more, each from all that the one before had."""
    train, rest = parts
    order = folds(labels[train].cpu().numpy(), count=10, seed=seed)  # a tenth of each label's in each
    for share in SHARES:
        some = train[torch.from_numpy(order < round(10 * share)).to(train.device)]
        if not torch.bincount(labels[some], minlength=classes).all():
            continue
        head = fit_head(features[some], labels[some], label_weights(labels[some], classes))
        with torch.inference_mode():
            yield CurvePoint(photographs=len(some), accuracy=_accuracy(head(features[rest]), labels[rest]))


def _accuracy(scores: Tensor, labels: Tensor) -> float:
    return float((scores.argmax(1) == labels).float().mean())
