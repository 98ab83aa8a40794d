"""The folder that the page is built with: `model.json`, and the file that it names."""

import gzip
import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from api.models.card import InputSpec, ModelCard
from api.models.card_json import tell_card
from api.models.device.engine import OnnxRuntime
from api.models.device.export import Attempt
from api.models.errors import ModelError

FORMAT = 1  # of model.json, raised if a page would misread it
MANIFEST = "model.json"


def write_files(attempt: Attempt, defaults: Any, folder: Path) -> Path:
    """Write the model and its card into a folder, and forget what was there; returns where the model is.

    `defaults`: the task's options in force. model.json is written last: where it is, the model is. Raises OSError.
    """
    digest = hashlib.sha256(attempt.packed).hexdigest()
    path = folder / f"{attempt.card.name}-{digest[:8]}.onnx.gz"
    manifest = {
        "format": FORMAT,
        "file": path.name,
        "bytes": len(attempt.packed),
        "sha256": digest,
        "card": tell_for_device(attempt),
        "defaults": asdict(defaults),
    }
    forget_files(folder)
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(attempt.packed)
    half = folder / f"{MANIFEST}.part"
    half.write_text(json.dumps(manifest, ensure_ascii=False) + "\n", encoding="utf-8")
    half.replace(folder / MANIFEST)
    return path


def read_engine(folder: Path, card: ModelCard, threads: int) -> OnnxRuntime:
    """Return what computes the model in a folder. Raises ModelError unless it is there, and the one of this card."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        name, packed = manifest["card"]["name"], (folder / manifest["file"]).read_bytes()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"there is no model in {folder}: `make site-model MODEL={card.name}` writes it") from error
    if name != card.name:
        raise ModelError(f"{folder} has the model {name}: `make site-model MODEL={card.name}` writes this one")
    return OnnxRuntime(gzip.decompress(packed), threads)


def forget_files(folder: Path) -> None:
    """Remove what is in the folder of the model for the device: first the manifest. Raises OSError."""
    for path in (folder / MANIFEST, *folder.glob("*.onnx.gz")):
        path.unlink(missing_ok=True)


def tell_for_device(attempt: Attempt) -> dict[str, Any]:
    """Return the card as the API tells it, and all that is needed to make the input and to read the outputs."""
    told = tell_card(attempt.card)
    return {
        **told,
        "input": {**told["input"], **tell_input(attempt.card.input)},
        "output": dict(attempt.card.output),
        "outputs": list(attempt.outputs),
        "precision": "float32",
        "bits": int(attempt.bits),
    }


def tell_input(spec: InputSpec) -> dict[str, Any]:
    """Return how an image becomes the input; see InputSpec. `stride` 1: it has this one size."""
    values = asdict(spec)
    values["stride"] = values.pop("cell")
    return values
