"""A model of torchvision: `NAME.torchvision.toml`, and the weights that it names. Loads no torch."""

from dataclasses import dataclass
from pathlib import Path

from api.models.described_files import DescribedFiles
from api.models.description import KEYS, Key

WEIGHTS = (".pth", ".safetensors")
MOST_CLASSES = 100_000


def _file_name(value: object) -> str:
    if not isinstance(value, str) or Path(value).name != value or not value.endswith(WEIGHTS):
        raise ValueError(value)
    return value


def _classes(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_CLASSES:
        raise ValueError(value)
    return value


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(name, str) and name for name in value):
        raise ValueError(value)
    return tuple(value)


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(value)
    return value


def _share(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError(value)
    return float(value)


# What `make train` writes of a training; its words and numbers are shown, and nothing hangs on them.
TRAINING_KEYS = {
    "[training] made": Key('a date, such as "2026-11-27"', KEYS["task"].read),
    "[training] data": Key('a text, such as "digits"', KEYS["task"].read),
    "[training] photographs": Key("how many it has learnt from, such as 4000", _count),
    "[training] validated_on": Key("how many others say how accurate it is, such as 1000", _count),
    "[training] accuracy": Key("a share of these, such as 0.986", _share),
    "[training] average_precision": Key("COCO's AP on these, such as 0.42", _share),
    "[training] temperature": Key(
        "a number, such as 1.2, by which its scores are divided already", KEYS["[input] scale"].read
    ),
}
DESCRIPTION_KEYS = {
    "builder": Key(
        'the name of a function of torchvision.models, such as "fasterrcnn_resnet50_fpn"', KEYS["task"].read
    ),
    "weights": Key('the name of a file beside it, such as "best.pth" or "best.safetensors"', _file_name),
    "classes": Key("the builder's num_classes, such as 91; a detector counts its background, too", _classes),
    "keypoints": Key('the names of the key points, such as ["nose", "left eye"]', _names),
    "batch_norm_eps": Key("a number, such as 1e-5", KEYS["[input] scale"].read),
    **{name: key for name, key in KEYS.items() if name not in ("task", "family", "[input] pad")},
    **TRAINING_KEYS,
}


@dataclass(frozen=True)
class ModelFiles(DescribedFiles):
    """Where the files are. Raises ModelError if NAME.torchvision.toml is wrong."""

    kind = "torchvision"
    keys = DESCRIPTION_KEYS

    @property
    def weights(self) -> Path:
        """The trained numbers: the file that is named, else NAME.pth or NAME.safetensors."""
        named = self.said.own.get("weights")
        choices = [self.folder / (named or f"{self.name}{ending}") for ending in WEIGHTS]
        return next((path for path in choices if path.is_file()), choices[0])

    def present(self) -> list[Path]:
        """Return those of the files that are there."""
        return [path for path in dict.fromkeys((*self.said.files, self.weights)) if path.is_file()]
