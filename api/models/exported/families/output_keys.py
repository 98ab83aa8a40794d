"""What several families take from [output] in NAME.toml, checked."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.models.errors import ModelError
from api.tasks.detection.coco import COCO_IDS


def read_class_ids(output: Mapping[str, Any]) -> list[int] | None:
    """Return `class_ids`, the network's id of each label, "coco" being COCO's own 80; None if it is not said."""
    value = output.get("class_ids")
    if value == "coco":
        return list(COCO_IDS)
    if value is None or _are_ids(value):
        return value
    raise ModelError(
        f"`[output] class_ids` is {value!r}, and a list with the network's id for each label, such as [1, 2, 3], or"
        ' "coco" is expected'
    )


def read_word(output: Mapping[str, Any], key: str, words: Sequence[Any]) -> Any:
    """Return what a key says, which must be one of these."""
    value = output.get(key)
    if not any(value is word or (isinstance(word, str) and value == word) for word in words):
        choices = " or ".join(str(word).lower() if isinstance(word, bool) else f'"{word}"' for word in words)
        said = "is not there" if value is None else f"is {value!r}"
        raise ModelError(f"`[output] {key}` {said}, and {choices} is expected")
    return value


def _are_ids(value: Any) -> bool:
    is_list = isinstance(value, list) and len(value) > 0
    return is_list and len(set(value)) == len(value) and all(type(one) is int and 0 <= one < 100_000 for one in value)
