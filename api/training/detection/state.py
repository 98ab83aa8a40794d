"""What a training is at one moment, kept on the disk, so that it goes on after whatever ended it."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

FILE = "state.pt"


@dataclass(frozen=True, slots=True)
class Epoch:
    """One measurement: the mean loss since the last one, and the AP on the photographs that are held out."""

    number: int
    loss: float
    ap: float
    ap50: float


@dataclass(slots=True)
class State:
    """Steps done, the network, its optimizer, the network at its best, and what was measured so far."""

    digest: str  # of the data and of what was asked for: another training does not go on from here
    step: int = 0
    loss: float = 0.0  # the sum since the last measurement
    seconds: float = 0.0
    epochs: list[Epoch] = field(default_factory=list)
    network: dict[str, Tensor] = field(default_factory=dict)
    optimizer: dict[str, Any] = field(default_factory=dict)
    best: dict[str, Tensor] = field(default_factory=dict)

    @property
    def best_epoch(self) -> Epoch:
        """The first one with the highest AP."""
        return max(self.epochs, key=lambda epoch: epoch.ap)

    def save(self, folder: Path) -> None:
        """Write it whole or not at all, and to the disk itself."""
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{FILE}.part"
        facts = {name: getattr(self, name) for name in self.__slots__}
        with part.open("wb") as file:
            torch.save(facts | {"epochs": [asdict(epoch) for epoch in self.epochs]}, file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(folder / FILE)

    @classmethod
    def load(cls, folder: Path, digest: str, device: torch.device) -> "State | None":
        """Return what was kept of this very training, or None. Nothing is unpickled but numbers and texts."""
        try:
            facts = torch.load(folder / FILE, map_location=device, weights_only=True)
            epochs = [Epoch(**epoch) for epoch in facts["epochs"]]
            state = cls(**{**facts, "epochs": epochs})
        except FileNotFoundError:
            return None
        except Exception:  # noqa: BLE001 - of another version, or broken: it begins anew
            return None
        return state if state.digest == digest else None

    @staticmethod
    def forget(folder: Path) -> None:
        """Remove what was kept."""
        for path in (folder / FILE, folder / f"{FILE}.part"):
            path.unlink(missing_ok=True)


def digest_of(facts: Mapping[str, Any]) -> str:
    """Return the same text for the same facts."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()
