"""What is asked of a training."""

from dataclasses import dataclass, field
from pathlib import Path

from api.images.limits import ImageLimits
from api.training.defaults import DETECTOR

EPOCHS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is asked for. None: what suits the network."""

    name: str
    data: Path
    weights_dir: Path
    builder: str = DETECTOR
    size: int | None = None
    epochs: int = EPOCHS
    batch: int | None = None
    seed: int = 0
    threads: int | None = None
    limits: ImageLimits = field(default_factory=ImageLimits)

    @property
    def folder(self) -> Path:
        """Where the training keeps what it needs, and what it leaves besides the model."""
        return self.weights_dir / f"{self.name}.training"
