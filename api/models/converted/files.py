"""The three files of a model in OpenVINO's format: `NAME.xml` and `NAME.bin` (the graph), `NAME.json` (its card)."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.models.card import ModelCard
from api.models.errors import ModelError


@dataclass(frozen=True, slots=True)
class ConvertedFiles:
    """Where the three files are."""

    folder: Path
    name: str

    @property
    def graph(self) -> Path:
        """The operations, in XML."""
        return self.folder / f"{self.name}.xml"

    @property
    def weights(self) -> Path:
        """The numbers."""
        return self.folder / f"{self.name}.bin"

    @property
    def card(self) -> Path:
        """The card, and how the graph was quantized if it was. Written last: where it is, the others are."""
        return self.folder / f"{self.name}.json"

    def read_card(self) -> ModelCard:
        """Return the card. Raises ModelError."""
        try:
            return ModelCard.from_json(self._read()["card"])
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"{self.card.name} is not a model's card") from error

    def read_quantized(self) -> dict[str, Any]:
        """Return how the graph was quantized: `of`, the hash of the model it was made of, and more; else nothing."""
        return dict(self._read().get("quantized", {}))

    def write_card(self, card: ModelCard, quantized: Mapping[str, Any] | None = None) -> None:
        """Write the card, all of it or nothing."""
        text = json.dumps({"card": card.to_json(), "quantized": quantized or {}}, indent=1, ensure_ascii=False)
        half = self.card.with_suffix(".part")
        half.write_text(f"{text}\n", encoding="utf-8")
        half.replace(self.card)

    def _read(self) -> dict[str, Any]:
        try:
            values = json.loads(self.card.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise ModelError(f"{self.card.name} is not in the weights folder") from error
        except ValueError as error:
            raise ModelError(f"{self.card.name} is not a model's card") from error
        return values if isinstance(values, dict) else {}


def content_hash(files: Iterable[Path]) -> str:
    """Return the sha256 of files, with their names; the same wherever they are."""
    whole = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            whole.update(f"{path.name} {hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    return whole.hexdigest()
