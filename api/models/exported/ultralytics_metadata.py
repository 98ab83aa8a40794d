"""What Ultralytics writes into its exports: texts that are Python literals, each of which may be missing.

Source: https://docs.ultralytics.com/modes/export/; YOLOv5's own export writes `stride` and `names` alone.
"""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.models.errors import ModelError
from api.models.exported.facts import Facts

MOST_CHARACTERS = 1_000_000  # 20 times what ImageNet's names take
NEWER = ("author", "task", "imgsz", "version", "batch", "description")  # which YOLOv5's own export does not write


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a file says of itself; None or empty: nothing. `task` is Ultralytics' word, `keypoints` (points, values)."""

    task: str | None = None
    head: str | None = None
    version: int | None = None  # 8 if another program than YOLOv5's own wrote it
    end_to_end: bool | None = None
    keypoints: tuple[int, int] | None = None
    keypoint_names: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    size: tuple[int, int] | None = None  # (height, width)
    stride: int | None = None
    licence: str | None = None


def read_told(facts: Facts) -> Told | None:
    """Return what the metadata says; None if it is not Ultralytics'. Raises ModelError if a value is not to be read."""
    metadata = facts.metadata
    if metadata.get("author") != "Ultralytics" and not {"names", "stride"} <= metadata.keys():
        return None
    values = {key: _literal(facts, key) for key in ("names", "imgsz", "stride", "kpt_shape", "kpt_names", "end2end")}
    read = {"names": _names, "imgsz": _size, "stride": _stride, "kpt_shape": _keypoints, "end2end": _truth}
    found: dict[str, Any] = {}
    for key, reader in read.items():
        try:
            found[key] = None if values[key] is None else reader(values[key])
        except (ValueError, TypeError, KeyError) as error:
            raise _refuse(facts, key) from error
    return Told(
        task=metadata.get("task"),
        head=metadata.get("head"),
        version=8 if any(key in metadata for key in NEWER) else None,
        end_to_end=_is_end_to_end(metadata, found["end2end"]),
        keypoints=found["kpt_shape"],
        keypoint_names=_keypoint_names(values["kpt_names"], found["kpt_shape"]),
        names=found["names"] or (),
        size=found["imgsz"],
        stride=found["stride"],
        licence=metadata.get("license"),
    )


def _literal(facts: Facts, key: str) -> Any:
    """Return a value that is a Python literal, without running anything; None if it is not there."""
    if key not in facts.metadata:
        return None
    try:
        return _parse(facts.metadata[key])
    except ValueError as error:
        raise _refuse(facts, key) from error


def _parse(text: str) -> Any:
    """Return what a literal means. Raises ValueError."""
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"{len(text)} characters")
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as error:
        raise ValueError(text) from error


def _refuse(facts: Facts, key: str) -> ModelError:
    expected = {
        "names": "a list of labels, or a dictionary from 0, 1, ... to labels",
        "imgsz": "[height, width] in pixels",
        "stride": "a number of pixels, such as 32",
        "kpt_shape": "[points, values of each: 2 or 3]",
        "kpt_names": "a dictionary from 0, 1, ... to lists of names",
        "end2end": "True or False",
    }[key]
    shown = facts.metadata[key]
    shown = shown if len(shown) <= 60 else f"{shown[:60]}..."
    return ModelError(f"{facts.file}: its metadata has `{key}` = {shown!r}, and {expected} is expected")


def _names(value: Any) -> tuple[str, ...]:
    if isinstance(value, dict):
        by_number = {int(key): name for key, name in value.items()}  # JSON, in TFLite files, has texts as keys
        value = [by_number[index] for index in range(len(value))]
    if not isinstance(value, list | tuple) or not value:
        raise ValueError(value)
    return tuple(str(name).strip() or str(index) for index, name in enumerate(value))


def _side(value: Any) -> int:
    if isinstance(value, bool) or value != int(value) or not 1 <= value <= 8192:
        raise ValueError(value)
    return int(value)


def _size(value: Any) -> tuple[int, int]:
    height, width = value if isinstance(value, list | tuple) else (value, value)
    return _side(height), _side(width)


def _stride(value: Any) -> int:
    return max(map(_side, value)) if isinstance(value, list | tuple) else _side(value)


def _keypoints(value: Any) -> tuple[int, int]:
    points, values = value
    if _side(values) not in (2, 3):
        raise ValueError(value)
    return _side(points), int(values)


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def _is_end_to_end(metadata: Mapping[str, str], told: bool | None) -> bool | None:
    """Return whether the network, or nms=True in what it was exported with, selects the detections."""
    try:
        arguments = _parse(metadata["args"])
    except (KeyError, ValueError):  # some versions wrote what is no literal, such as a path
        return told
    nms = arguments.get("nms") if isinstance(arguments, dict) else None
    return True if nms else told if told is not None else nms


def _keypoint_names(value: Any, keypoints: tuple[int, int] | None) -> tuple[str, ...]:
    """Return the points' names if all classes have the same."""
    lists = list(value.values()) if isinstance(value, dict) else []
    if not lists or not keypoints or any(names != lists[0] for names in lists) or not isinstance(lists[0], Sequence):
        return ()
    return tuple(map(str, lists[0])) if len(lists[0]) == keypoints[0] else ()
