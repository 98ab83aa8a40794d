"""A safetensors file to tensors and back: numbers only, and every length held to the file before anything is read.

Source: https://github.com/huggingface/safetensors#format: the header's length (8 bytes, little-endian), the header
(JSON: for each tensor its dtype, shape and place), then the numbers.
"""

import json
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from api.models.errors import ModelError

DTYPES = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "I64": torch.int64,
    "I32": torch.int32,
    "I16": torch.int16,
    "I8": torch.int8,
    "U8": torch.uint8,
    "BOOL": torch.bool,
}
NAMES = {dtype: name for name, dtype in DTYPES.items()}
METADATA = "__metadata__"
LENGTH_BYTES = 8
MOST_HEADER_BYTES = 10_000_000


def read_safetensors(path: Path) -> dict[str, Tensor]:
    """Return the tensors by name. Raises ModelError."""
    return read_with_metadata(path)[0]


def read_with_metadata(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """Return the tensors by name, and what else is said in the header. Raises ModelError."""
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(LENGTH_BYTES), "little")
        if not 2 <= length <= min(MOST_HEADER_BYTES, size - LENGTH_BYTES):
            raise ModelError(f"{path.name} is no safetensors file, or it is cut off: its header has {length} bytes")
        header, numbers = file.read(length), bytearray(size - LENGTH_BYTES - length)
        file.readinto(numbers)
    try:
        entries = json.loads(header)
        metadata = dict(entries.pop(METADATA, {}))
        return {name: _tensor(entry, numbers) for name, entry in entries.items()}, metadata
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ModelError(f"{path.name} is no safetensors file, or it is cut off: {error!r}") from error


def _tensor(entry: Any, numbers: bytearray) -> Tensor:
    """Return the tensor of a header's entry. Raises ValueError, TypeError or KeyError if the entry cannot be true."""
    dtype, shape, (start, end) = DTYPES[entry["dtype"]], entry["shape"], entry["data_offsets"]
    if not all(type(number) is int and number >= 0 for number in (start, end, *shape)):
        raise ValueError(entry)
    count = math.prod(shape)
    if not start <= end <= len(numbers) or end - start != count * dtype.itemsize:
        raise ValueError(entry)
    if not count:
        return torch.empty(shape, dtype=dtype)
    return torch.frombuffer(numbers, dtype=dtype, count=count, offset=start).reshape(shape)


def write_safetensors(path: Path, tensors: Mapping[str, Tensor], metadata: Mapping[str, str]) -> None:
    """Write the tensors, of a dtype in DTYPES each, and texts for the header: the whole file or nothing."""
    ordered = sorted(tensors.items(), key=lambda item: -item[1].dtype.itemsize)  # so that each begins on its own border
    header: dict[str, Any] = {METADATA: dict(metadata)}
    end = 0
    for name, tensor in ordered:
        start, end = end, end + tensor.numel() * tensor.dtype.itemsize
        header[name] = {"dtype": NAMES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [start, end]}
    text = json.dumps(header, ensure_ascii=False).encode()
    text += b" " * (-len(text) % LENGTH_BYTES)
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as file:
        file.write(len(text).to_bytes(LENGTH_BYTES, "little") + text)
        for _, tensor in ordered:
            file.write(tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes())
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
