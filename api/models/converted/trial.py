"""Which precision is the quickest on this processor: each is timed, and held to float32.

What a processor's flags promise does not tell which one it will be. `make` times them; this is what it writes down.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from api.models.converted.files import ConvertedFiles
from api.models.engines.processor import processor_facts
from api.models.options import Precision


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it: least milliseconds of an image, and differences from float32 in its standard deviations."""

    chosen: Precision
    why: str
    milliseconds: Mapping[str, float]
    differences: Mapping[str, float]

    @classmethod
    def read(cls, path: Path) -> "Trial":
        """Return the trial that `write` has written."""
        values = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{**values, "chosen": Precision(values["chosen"])})

    def write(self, path: Path) -> None:
        """Write it, all of it or nothing."""
        path.parent.mkdir(exist_ok=True)
        half = path.with_suffix(f".{os.getpid()}")
        half.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")
        half.replace(path)


def trial_name(threads: int, int8: ConvertedFiles | None) -> str:
    """Return the name of the file for a trial on this processor, with these threads and this int8 graph."""
    quantized = int8.card.read_text(encoding="utf-8") if int8 else ""
    facts = f"{processor_facts()} {threads} {quantized} {version('openvino')}"
    return f"trial-{hashlib.sha256(facts.encode()).hexdigest()[:16]}.json"
