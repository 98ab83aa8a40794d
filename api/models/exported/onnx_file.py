"""An ONNX file's bytes, looked through before OpenVINO reads them.

ONNX is protobuf (https://protobuf.dev/programming-guides/encoding); the numbers of fields and data types are those of
https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3. The weights themselves are passed over, so that a large file is
as quick as a small one. OpenVINO looks at much of this itself, and stays in the model's folder by itself, too; what it
says of it is for those who know ONNX, and a circle it computes.
"""

import mmap
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from math import prod
from pathlib import Path, PurePosixPath

from api.models.errors import ModelError

Field = int | memoryview  # a number, or bytes
MOST_DIMENSIONS = 16
MOST_NESTED = 16  # graphs in graphs, as If and Loop have them
VARINT, CHUNK = 0, 2
SIZES = {VARINT: 0, 1: 8, CHUNK: 0, 5: 4}  # of what follows a field's key, if that is fixed
MODEL_GRAPH = 7
GRAPH_NODE, GRAPH_INITIALIZER, GRAPH_INPUT, GRAPH_OUTPUT = 1, 5, 11, 12
NODE_INPUT, NODE_OUTPUT, NODE_TYPE, NODE_ATTRIBUTE = 1, 2, 4, 5
ATTRIBUTE_TENSOR, ATTRIBUTE_GRAPH, ATTRIBUTE_TENSORS, ATTRIBUTE_GRAPHS = 5, 6, 10, 11
TENSOR_DIMS, TENSOR_TYPE, TENSOR_STRINGS, TENSOR_NAME, TENSOR_RAW, TENSOR_EXTERNAL, TENSOR_PLACE = 1, 2, 6, 8, 9, 13, 14
FIXED_WIDTHS = {4: 4, 10: 8}  # float_data and double_data: bytes of a number
VARINTS = (5, 7, 11)  # int32_data, int64_data, uint64_data
STRING = 8
BITS = {1: 32, 2: 8, 3: 8, 4: 16, 5: 16, 6: 32, 7: 64, STRING: 0, 9: 8, 10: 16, 11: 64, 12: 32, 13: 64, 14: 64, 15: 128}
BITS |= {16: 16, 17: 8, 18: 8, 19: 8, 20: 8, 21: 4, 22: 4, 23: 4, 24: 8, 25: 2, 26: 2}  # bfloat16, float8, int4, int2
GOES_ON = bytes(range(0x80, 0x100))  # all bytes of a varint but its last


def external_files(path: Path) -> list[Path]:
    """Return the files beside an ONNX file that hold its weights. Raises ModelError if it is not to be read.

    The file is not empty: `require_kind` has looked.
    """
    with path.open("rb") as file:
        data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    try:
        reader = _Reader(path)
        graphs = [value for number, value in _fields(data, is_whole=True) if number == MODEL_GRAPH]
        if len(graphs) != 1:
            raise _Wrong(f"has {len(graphs)} graphs where one is expected: it is no ONNX model")
        undefined = reader.read_graph(_bytes(graphs[0]), 0)
        if undefined:
            raise _Wrong(f"is broken: nothing in it makes `{_text(min(undefined))}`, which an operator reads")
    except _Wrong as error:
        raise ModelError(f"{path.name} {error}") from error
    return list(reader.external.values())


class _Wrong(ValueError):
    """What is wrong, to be read after the file's name."""


class _Reader:
    """Looks through the graphs of one file, and collects the other files that they need."""

    def __init__(self, path: Path) -> None:
        self.folder = path.parent
        self.external: dict[str, Path] = {}

    def read_graph(self, data: memoryview, depth: int) -> set[bytes]:
        """Return the names that the graph reads and does not define: they must be those of a graph around it."""
        if depth > MOST_NESTED:
            raise _Wrong(f"has graphs inside graphs, more than {MOST_NESTED} deep; no exporter writes that")
        defined, read, makers = {b""}, set[bytes](), dict[bytes, set[bytes]]()
        for number, value in _fields(data):
            if number == GRAPH_NODE:
                inputs, outputs = self._read_node(_bytes(value), depth)
                read |= inputs
                makers |= dict.fromkeys(outputs - defined, inputs)
            elif number == GRAPH_INITIALIZER:
                defined.add(self._read_tensor(_bytes(value)))
            elif number == GRAPH_INPUT:
                defined.add(_first(_bytes(value)))
            elif number == GRAPH_OUTPUT:
                read.add(_first(_bytes(value)))
        try:
            TopologicalSorter({name: inputs & makers.keys() for name, inputs in makers.items()}).prepare()
        except CycleError as error:
            names = " -> ".join(_text(name) for name in error.args[1][:4])
            raise _Wrong(f"is broken: its operators wait for one another in a circle, {names}") from error
        return read - defined - makers.keys()

    def _read_node(self, data: memoryview, depth: int) -> tuple[set[bytes], set[bytes]]:
        """Return what an operator reads and what it makes."""
        inputs, outputs = set[bytes](), set[bytes]()
        for number, value in _fields(data):
            if number == NODE_INPUT:
                inputs.add(bytes(_bytes(value)))
            elif number == NODE_OUTPUT:
                outputs.add(bytes(_bytes(value)))
            elif number == NODE_ATTRIBUTE:
                for kind, inner in _fields(_bytes(value)):
                    if kind in (ATTRIBUTE_TENSOR, ATTRIBUTE_TENSORS):
                        self._read_tensor(_bytes(inner))
                    elif kind in (ATTRIBUTE_GRAPH, ATTRIBUTE_GRAPHS):
                        inputs |= self.read_graph(_bytes(inner), depth + 1)
        return inputs, outputs

    def _read_tensor(self, data: memoryview) -> bytes:
        """Return a tensor's name. Raises _Wrong if it does not hold what it declares."""
        name, kind, shape, held, is_external, entries = b"", 0, list[int](), dict[int, int](), False, dict[str, str]()
        for number, value in _fields(data):
            if number == TENSOR_DIMS:
                shape += _varints(value)
            elif number == TENSOR_TYPE:
                kind = _number(value)
            elif number == TENSOR_NAME:
                name = bytes(_bytes(value))
            elif number == TENSOR_RAW:
                held[number] = 8 * len(_bytes(value))  # bits
            elif number == TENSOR_EXTERNAL:
                pair = dict(_fields(_bytes(value)))
                entries[_text(_bytes(pair.get(1, data[:0])))] = _text(_bytes(pair.get(2, data[:0])))
            elif number == TENSOR_PLACE:
                is_external = _number(value) == 1
            elif number in FIXED_WIDTHS or number in VARINTS or number == TENSOR_STRINGS:
                held[number] = held.get(number, 0) + _count(number, value)
        said = f"`{_text(name)}`"
        if len(shape) > MOST_DIMENSIONS or min(shape, default=0) < 0:
            sides = " x ".join(map(str, shape[:8])) + " ..." * (len(shape) > 8)
            raise _Wrong(f"is broken: no tensor has {len(shape)} dimensions of {sides}, as {said} in it declares")
        if kind not in BITS:
            raise _Wrong(f"is broken: its tensor {said} is of the type {kind}, which ONNX does not know")
        count = prod(shape)
        if is_external:
            self._require_external(said, entries, (count * BITS[kind] + 7) // 8)
            return name
        bits = held.pop(TENSOR_RAW, 0)
        found = max([*held.values(), bits // BITS[kind] if BITS[kind] else 0])
        smallest = 8 // BITS[kind] if 0 < BITS[kind] < 8 and not bits else 1  # int4 data lie two in a number
        if found * smallest < count:
            raise _Wrong(f"is broken: its tensor {said} declares {count:,} numbers and holds {found * smallest:,}")
        return name

    def _require_external(self, said: str, entries: dict[str, str], size: int) -> None:
        """Note the file that holds a tensor's `size` bytes. Raises _Wrong unless it lies beside the model."""
        location = entries.get("location", "")
        plain = PurePosixPath(location)
        if not location.isprintable() or str(plain) != plain.name or plain.name in ("", ".."):
            raise _Wrong(f"keeps its tensor {said} in a file of another folder; only one beside the model is read")
        path = self.folder / plain.name
        if path.is_symlink() or not path.is_file():
            state = "a link; copy the file itself" if path.is_symlink() else "not beside it; copy it, too"
            raise _Wrong(f"keeps weights in {plain.name}, under that very name, and this is {state}")
        try:
            start, length = int(entries.get("offset", 0)), int(entries.get("length", size))
        except ValueError as error:
            raise _Wrong(f"is broken: where its tensor {said} lies in {plain.name} is no number") from error
        there = path.stat().st_size
        if not 0 <= start <= start + max(size, length) <= there:
            raise _Wrong(
                f"does not fit to {plain.name}: its tensor {said} needs bytes {start:,} to"
                f" {start + max(size, length):,}, and the file has {there:,}; are they of one export?"
            )
        self.external[plain.name] = path


def _fields(data: memoryview, *, is_whole: bool = False) -> Iterator[tuple[int, Field]]:
    """Yield (number, value) of a message. Raises _Wrong if it is none; `is_whole`: it is the file."""
    at, end = 0, len(data)
    while at < end:
        key, at = _varint(data, at)
        wire = key & 7
        if wire not in SIZES or not key >> 3:
            raise _Wrong("is no ONNX model, or it is damaged: its bytes are not protobuf")
        if wire == VARINT:
            value, at = _varint(data, at)
            yield key >> 3, value
            continue
        length, at = _varint(data, at) if wire == CHUNK else (SIZES[wire], at)
        if at + length > end:
            is_cut = is_whole and key >> 3 == MODEL_GRAPH
            raise _Wrong(
                f"is cut off: {at + length - end:,} bytes of its graph are missing; copy or download it again"
                if is_cut
                else "is no ONNX model, or it is damaged: a part of it ends after its end"
            )
        yield key >> 3, data[at : at + length]
        at += length


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    """Return the number at a place, and the place after it."""
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            break
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise _Wrong("is no ONNX model, or it is damaged: it ends, or has too long a number, where a number is expected")


def _varints(value: Field) -> Iterator[int]:
    """Yield the signed numbers of a field, which has one or, packed, many."""
    at, data = 0, memoryview(b"") if isinstance(value, int) else value
    found = [value] if isinstance(value, int) else []
    while at < len(data):
        one, at = _varint(data, at)
        found.append(one)
    yield from (one - (1 << 64) if one >> 63 else one for one in found)


def _count(number: int, value: Field) -> int:
    """Return how many values of a repeated field this is."""
    if isinstance(value, int) or number == TENSOR_STRINGS:
        return 1
    if number in VARINTS:
        return len(bytes(value).translate(None, GOES_ON))
    return len(value) // FIXED_WIDTHS[number]


def _first(data: memoryview) -> bytes:
    """Return the name of an input or an output, its first field."""
    return next((bytes(_bytes(value)) for number, value in _fields(data) if number == 1), b"")


def _bytes(value: Field) -> memoryview:
    if isinstance(value, int):
        raise _Wrong("is no ONNX model, or it is damaged: it has a number where a part is expected")
    return value


def _number(value: Field) -> int:
    if isinstance(value, int):
        return value
    raise _Wrong("is no ONNX model, or it is damaged: it has a part where a number is expected")


def _text(name: bytes | memoryview) -> str:
    return bytes(name[:80]).decode("utf-8", "replace")
