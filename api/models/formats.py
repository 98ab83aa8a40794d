"""The formats that models come in. A new one is a folder with a `reader` module and a line here.

Importing this loads neither NumPy nor torch: it is what a start looks at before anything is loaded.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from api.models.darknet.files import ModelFiles


class Files(Protocol):
    """The files of one model in one format."""

    def is_there(self) -> bool:
        """Whether the model comes in this format."""

    def require(self) -> None:
        """Raise ModelError if a file is missing; quick."""


class OpenFiles(Protocol):
    """Names the files of a model."""

    def __call__(self, name: str, folder: Path) -> Files:
        """Return the files of `name` in `folder`, whether they are there or not."""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file. `reader` is the module whose `read_model` makes a Model of it."""

    files: OpenFiles
    reader: str


DARKNET = Format(ModelFiles, "api.models.darknet.reader")
FORMATS = (DARKNET,)


def find_format(name: str, folder: Path) -> Format:
    """Return the first format whose files are there; if none is, the one whose files are asked for in words."""
    return next((known for known in FORMATS if known.files(name, folder).is_there()), DARKNET)


def require_model(name: str, folder: Path) -> None:
    """Raise ModelError unless the model's files are there, for a start that would only fail later."""
    find_format(name, folder).files(name, folder).require()
