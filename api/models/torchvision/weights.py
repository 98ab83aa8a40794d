"""A file of weights to a network, read without running anything that is in it, and held to the network's layers."""

import re
import zipfile
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from api.models.errors import ModelError
from api.models.torchvision.safetensors import read_safetensors

WRAPPINGS = (
    "state_dict",
    "model_state_dict",
    "model",
)  # of Lightning, of PyTorch's tutorials, of torchvision's scripts
PREFIXES = ("module.", "model.", "_orig_mod.")  # of DataParallel, Lightning and torch.compile
SHOWN = 3
MISMATCH = re.compile(r"size mismatch for (\S+): .*?\(\[([^]]*)\]\) from checkpoint, .*?\(\[([^]]*)\]\)")
DENSENET = re.compile(r"(.*denselayer\d+\.(?:norm|conv))\.([12]\..*)")  # the names of its first years, with a dot more


def read_state(path: Path) -> Mapping[str, Tensor]:
    """Return the numbers of a `.pth` or `.safetensors` file by their layers' names. Raises ModelError."""
    if not path.is_file():
        raise ModelError(f"{path.name} is not in the weights folder")
    values = read_safetensors(path) if path.suffix == ".safetensors" else _read_pth(path)
    while isinstance(values, dict) and (key := next((key for key in WRAPPINGS if _is_dict(values.get(key))), None)):
        values = values[key]
    if not isinstance(values, dict) or not values:
        raise ModelError(f"{path.name} holds no state dict, but {type(values).__name__}: {EXPECTED}")
    odd = next((key for key, value in values.items() if not (isinstance(key, str) and _is_dense(value))), None)
    if odd is not None:
        raise ModelError(
            f"{path.name} is no state dict: {odd!r} is {type(values[odd]).__name__}, no tensor: {EXPECTED}"
        )
    return _named_as_today(values)


EXPECTED = "a file that torch.save(model.state_dict(), path) wrote is expected"


def _is_dict(value: object) -> bool:
    return isinstance(value, dict)


def _is_dense(value: object) -> bool:
    return isinstance(value, Tensor) and value.layout is torch.strided and not value.is_quantized


def _read_pth(path: Path) -> Any:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
        if (
            any(entry.compress_type for entry in entries)
            or sum(each.file_size for each in entries) > path.stat().st_size
        ):
            raise ModelError(f"{path.name} is compressed, as torch.save never writes it")
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        found = re.search(r"(?:GLOBAL|global:?|class:?) ([\w.]+\.\w+)", str(error))
        what = f"it holds {found[1]}, and not numbers alone" if found else str(error).strip().partition("\n")[0]
        raise ModelError(f"{path.name} cannot be read safely: {what}. {EXPECTED[0].upper()}{EXPECTED[1:]}") from error


def _named_as_today(state: Mapping[str, Tensor]) -> Mapping[str, Tensor]:
    """Return the state with the names that its builder gives."""
    metadata = getattr(state, "_metadata", {})
    while prefix := next((each for each in PREFIXES if all(key.startswith(each) for key in state)), None):
        state = {key.removeprefix(prefix): value for key, value in state.items()}
        metadata = {key.removeprefix(prefix): value for key, value in metadata.items()}
    named = OrderedDict((DENSENET.sub(r"\1\2", key), value) for key, value in state.items())
    named._metadata = metadata  # type: ignore[attr-defined] # of which some networks read their version
    return named


def load_state(network: nn.Module, state: Mapping[str, Tensor], where: str) -> None:
    """Fill a network with numbers. Raises ModelError, which begins with `where`, unless they are exactly its own."""
    if not getattr(state, "_metadata", None):
        state = OrderedDict(state)
        state._metadata = {"": {"version": getattr(network, "_version", None)}}  # type: ignore[attr-defined]
    try:
        found = network.load_state_dict(state, strict=False)
    except RuntimeError as error:
        raise ModelError(f"{where}: {_describe_mismatch(error)}") from error
    # Frozen batch normalization does not count its batches, and nothing that is served does.
    lacking, surplus = (
        [name for name in names if not name.endswith("num_batches_tracked")]
        for names in (found.missing_keys, found.unexpected_keys)
    )
    faults = [f"it lacks {_some(lacking)}"] if lacking else []
    faults += [f"it has {_some(surplus)}, which the network has not"] if surplus else []
    if faults:
        raise ModelError(f"{where}: {'; '.join(faults)}")


def _describe_mismatch(error: RuntimeError) -> str:
    mismatches = MISMATCH.findall(str(error))
    words = [
        f"{name} is {found.replace(', ', ' x ')}, and {expected.replace(', ', ' x ')} is expected"
        for name, found, expected in mismatches
    ]
    return _some(words, "; ") if words else str(error).strip().partition("\n")[0]


def _some(words: list[str], separator: str = ", ") -> str:
    more = len(words) - SHOWN
    return separator.join(words[:SHOWN]) + (f" and {more} more" if more > 0 else "")
