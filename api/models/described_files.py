"""Models whose first file describes them and names the others: NAME.torchvision.toml, NAME.reader.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from api.models.description import Description, Key, description_file, read_description


@dataclass(frozen=True)
class DescribedFiles:
    """Where the files are. `kind` stands in the description's name, and `keys` are what it may say."""

    kind: ClassVar[str]
    keys: ClassVar[Mapping[str, Key]]
    name: str
    folder: Path

    @property
    def toml(self) -> Path:
        """What the owner says of the model."""
        return description_file(f"{self.name}.{self.kind}", self.folder)

    @cached_property
    def said(self) -> Description:
        """The same, read. Raises ModelError."""
        return read_description(f"{self.name}.{self.kind}", self.folder, self.keys)
