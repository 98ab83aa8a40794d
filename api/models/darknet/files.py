"""A model as people have it: `NAME.cfg`, `NAME.weights` and `NAME.names` in one folder. Loads no torch."""

from dataclasses import dataclass
from pathlib import Path

from api.models.card import Fit
from api.models.description import KEYS, one_of
from api.models.errors import ModelError
from api.models.labels import read_labels

COCO_CLASSES = 80
# What the owner may say in NAME.toml; the cfg tells the rest.
DESCRIPTION_KEYS = {name: KEYS[name] for name in ("licence", "source")} | {
    "[input] resize": one_of(Fit.LETTERBOX, Fit.STRETCH)
}


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """Where the three files of a model are."""

    name: str
    folder: Path

    @property
    def cfg(self) -> Path:
        """The network's architecture."""
        return self.folder / f"{self.name}.cfg"

    @property
    def weights(self) -> Path:
        """The trained numbers."""
        return self.folder / f"{self.name}.weights"

    @property
    def names(self) -> Path:
        """The labels, a line each."""
        return self.folder / f"{self.name}.names"

    def present(self) -> list[Path]:
        """Return those of the files that a model may be made of that are there."""
        paths = (self.cfg, self.weights, self.names, self.shared_names, self.folder / f"{self.name}.toml")
        return [path for path in paths if path.is_file()]

    @property
    def shared_names(self) -> Path:
        """The labels of all COCO models that have no names of their own."""
        return self.folder / "coco.names"

    def read_labels(self, classes: int) -> tuple[str, ...]:
        """Return the label of each class. A COCO model (80 classes) needs no names of its own.

        Raises ModelError if a class has no label.
        """
        path = self.names
        if not path.is_file() and classes == COCO_CLASSES:
            path = self.shared_names
        labels = read_labels(path)
        if len(labels) != classes:
            raise ModelError(f"{path.name} has {len(labels)} labels, but the cfg says classes={classes}")
        return labels
