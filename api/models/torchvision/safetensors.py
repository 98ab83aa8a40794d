"""A safetensors file to tensors: numbers only, and every length held to the file before anything is read.

Source: https://github.com/huggingface/safetensors#format: the header's length (8 bytes, little-endian), the header
(JSON: for each tensor its dtype, shape and place), then the numbers.
"""

import json
import math
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
LENGTH_BYTES = 8
MOST_HEADER_BYTES = 10_000_000


def read_safetensors(path: Path) -> dict[str, Tensor]:
    """Return the tensors by name. Raises ModelError."""
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(LENGTH_BYTES), "little")
        if not 2 <= length <= min(MOST_HEADER_BYTES, size - LENGTH_BYTES):
            raise ModelError(f"{path.name} is no safetensors file, or it is cut off: its header has {length} bytes")
        header, numbers = file.read(length), bytearray(size - LENGTH_BYTES - length)
        file.readinto(numbers)
    try:
        entries = json.loads(header)
        entries.pop("__metadata__", None)
        return {name: _tensor(entry, numbers) for name, entry in entries.items()}
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
