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


DESCRIPTION_KEYS = {
    "builder": Key(
        'the name of a function of torchvision.models, such as "fasterrcnn_resnet50_fpn"', KEYS["task"].read
    ),
    "weights": Key('the name of a file beside it, such as "best.pth" or "best.safetensors"', _file_name),
    "classes": Key("the builder's num_classes, such as 91; a detector counts its background, too", _classes),
    "keypoints": Key('the names of the key points, such as ["nose", "left eye"]', _names),
    "batch_norm_eps": Key("a number, such as 1e-5", KEYS["[input] scale"].read),
    **{name: key for name, key in KEYS.items() if name not in ("task", "family", "[input] pad")},
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
