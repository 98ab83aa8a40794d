"""A file of labels: a line for each class."""

from pathlib import Path

from api.models.errors import ModelError


def read_labels(path: Path) -> tuple[str, ...]:
    """Return the labels, in the order of their classes. Raises ModelError."""
    try:
        labels = [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines()]
    except FileNotFoundError as error:
        raise ModelError(f"{path.name} is not in the weights folder: a label for each class, a line each") from error
    except (UnicodeDecodeError, OSError) as error:
        raise ModelError(f"{path.name} is not UTF-8 text") from error
    while labels and not labels[-1]:
        labels.pop()
    if "" in labels:
        raise ModelError(f"{path.name} has an empty line {labels.index('') + 1}, where a label is expected")
    return tuple(labels)
