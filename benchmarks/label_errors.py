"""How many wrong labels and copies are found of those that were made on purpose.

    .venv/bin/python -m benchmarks.label_errors digits.png lfw_subset.npy [--rounds 3]

The sources are those of scripts/training_example.py. Each round cuts one into photographs, calls 5 % of them, drawn by
chance, by another label, and puts 20 copies of photographs that are learnt from among those that are asked about: as
they are, saved anew as JPEG, scaled, turned by a quarter, mirrored. Then it does what `make train` does before it
trains all layers, which is all that the lists are made of. A row tells how many of the wrong labels are in the first
10 % of the list of likely wrong ones, how many of those that are called suspicious are wrong, how many of the copies
were found, and how much else was taken for one.
"""

import argparse
import io
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.nn import functional as F

from api.images.limits import ImageLimits
from api.settings import Settings
from api.training.backbones import BACKBONES, Normalize, choose_device, load_backbone
from api.training.dataset import read_dataset
from api.training.duplicates import near_duplicates
from api.training.frozen import ask_out_of_fold, read_features
from api.training.pictures import read_pictures
from api.training.run import RangeTest, Run
from api.training.split import is_validation
from api.training.suspects import in_order_of_doubt, likely_wrong

CUT = Path(__file__).resolve().parents[1] / "scripts" / "training_example.py"
WRONG, LOOKED_AT = 0.05, 0.10  # shares of the photographs
COPIES = 20
QUALITY = 75


@dataclass(frozen=True, slots=True)
class Spoilt:
    """What was made wrong, by the photographs' names."""

    wrong: frozenset[str]
    copies: frozenset[frozenset[str]]  # pairs


@dataclass(frozen=True, slots=True)
class Row:
    """What was found of it."""

    photographs: int
    wrong: int
    wrong_in_front: int
    suspicious: int
    rightly_suspicious: int
    copies: int
    copies_found: int
    others_found: int
    seconds: float

    def text(self, name: str) -> str:
        """Return the row of a table."""
        return (
            f"| {name} | {self.photographs:,} | {self.wrong_in_front} of {self.wrong} | {self.rightly_suspicious} of"
            f" {self.suspicious} | {self.copies_found} of {self.copies} | {self.others_found} | {self.seconds:.1f} |"
        )


def main() -> None:
    """Print a row for each set and round."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sources", type=Path, nargs="+", help="digits.png, lfw_subset.npy")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    print("| photographs | how many | wrong ones in the first 10 % | wrong of the suspicious | copies | else | s |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for source in given.sources:
        for number in range(given.rounds):
            with tempfile.TemporaryDirectory() as folder:
                data = Path(folder) / "photographs"
                subprocess.run([sys.executable, CUT, source, data], check=True)
                print(measure(data, number).text(source.stem), flush=True)


def measure(data: Path, seed: int) -> Row:
    """Spoil the photographs in a folder, and count what is found of it."""
    spoilt = spoil(data, np.random.default_rng(seed))
    run = look_at(data)
    began_s = time.perf_counter()
    doubted = [run.photographs[suspect.index] for suspect in in_order_of_doubt(run)]
    suspicious = {run.photographs[suspect.index] for suspect in likely_wrong(run)}
    found = {frozenset((run.photographs[it.one], run.photographs[it.other])) for it in near_duplicates(run)}
    return Row(
        photographs=len(doubted),
        wrong=len(spoilt.wrong),
        wrong_in_front=len(spoilt.wrong.intersection(doubted[: int(LOOKED_AT * len(doubted))])),
        suspicious=len(suspicious),
        rightly_suspicious=len(spoilt.wrong & suspicious),
        copies=len(spoilt.copies),
        copies_found=len(spoilt.copies & found),
        others_found=len(found - spoilt.copies),
        seconds=time.perf_counter() - began_s,
    )


def spoil(data: Path, rng: np.random.Generator) -> Spoilt:
    """Move photographs to other labels' folders, and write copies over others, in place."""
    dataset = read_dataset(data)
    names = [one.name for one in dataset.photographs]
    label = np.array([one.label for one in dataset.photographs])
    wrong = rng.choice(len(names), round(WRONG * len(names)), replace=False)
    others = (label[wrong] + rng.integers(1, len(dataset.labels), len(wrong))) % len(dataset.labels)
    moved = set()
    for place, other in zip(wrong, others, strict=True):
        path = data / dataset.labels[other] / names[place].replace("/", "-")  # no other has this name
        (data / names[place]).rename(path)
        moved.add(path.relative_to(data).as_posix())
    return Spoilt(frozenset(moved), frozenset(_copy_across(data, moved, rng)))


def _copy_across(data: Path, moved: set[str], rng: np.random.Generator) -> list[frozenset[str]]:
    """Write copies over some of those that will be asked about; where they stand, the split stays the same."""
    dataset = read_dataset(data)
    held_out = is_validation(np.array([one.label for one in dataset.photographs], np.int64))
    good = np.array([one.name not in moved for one in dataset.photographs])
    pairs = []
    for number, place in enumerate(rng.choice(np.flatnonzero(held_out & good), COPIES, replace=False)):
        target = dataset.photographs[place]
        same = [it for it, known in zip(dataset.photographs, held_out, strict=True)
                if it.label == target.label and not known and it.name not in moved]  # fmt: skip
        source = same[rng.integers(len(same))]
        moved.add(source.name)  # so that each is copied once
        _copy(source.path, target.path, list(FORMS.values())[number % len(FORMS)])
        pairs.append(frozenset((source.name, target.name)))
    return pairs


def _copy(source: Path, target: Path, form: Callable[[Image.Image], Image.Image]) -> None:
    with Image.open(source) as image:
        image.load()
        form(image).save(target)


def _as_jpeg(image: Image.Image) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=QUALITY)
    return Image.open(buffer)


FORMS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "as it is": lambda image: image,
    "saved anew": _as_jpeg,
    "scaled": lambda image: image.resize((image.width * 3 // 2, image.height * 3 // 2)),
    "turned": lambda image: image.transpose(Image.Transpose.ROTATE_90),
    "mirrored": lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
}


def look_at(data: Path) -> Run:
    """Return a run of which only that is known which the lists are made of, as `make train` finds it."""
    settings, device = Settings.from_environment(), choose_device()
    torch.set_num_threads(settings.threads)
    with tempfile.TemporaryDirectory() as folder:
        network = load_backbone(BACKBONES[0], settings.weights_dir).to(device, memory_format=torch.channels_last)
        limits = ImageLimits(max_megapixels=settings.max_megapixels)
        pictures = read_pictures(read_dataset(data), None, limits=limits, folder=Path(folder), progress=Silence())
        normalize = Normalize(BACKBONES[0]).to(device)
        features = read_features(network, normalize, pictures.pixels, folder=Path(folder), key="", progress=Silence())
    held_out = is_validation(pictures.labels)
    labels = torch.from_numpy(pictures.labels).to(device)
    out_of_fold = ask_out_of_fold(features, labels, len(pictures.dataset.labels), seed=0)
    return Run(
        name="spoilt",
        task="classification",
        data=data,
        made="",
        backbone=BACKBONES[0],
        labels=pictures.dataset.labels,
        seed=0,
        image_size=(pictures.side, pictures.side),
        seconds=0.0,
        epochs=(),
        range_test=RangeTest(learning_rates=(), losses=(), chosen=0.0),
        temperature=1.0,
        learning_curve=(),
        refused=pictures.dataset.refused,
        photographs=tuple(one.name for one in pictures.dataset.photographs),
        label=pictures.labels,
        is_validation=held_out,
        logits=out_of_fold,
        out_of_fold=out_of_fold,
        features=F.normalize(features).half().cpu().numpy(),
        thumbnail=pictures.thumbnail,
    )


class Silence:
    """A progress that nobody follows."""

    must_stop = False

    def begin(self, what: str, steps: int) -> None:
        """Say nothing."""

    def advance(self, note: str = "") -> None:
        """Say nothing."""

    def say(self, text: str) -> None:
        """Say nothing."""


if __name__ == "__main__":
    main()
