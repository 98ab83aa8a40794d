"""What was decided about a data folder so far, in a file of it: a line of JSON for each decision.

It is what undoing goes by, and what was kept is not asked again.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from api.cleaning.actions import Action, Line, Moved, Rewritten
from api.cleaning.forms import Change, Place
from api.errors import FolderNotWritable
from api.training.errors import DataError

NAME = ".cleaning.jsonl"
UNDO = "undo"

Do = Literal["relabel", "delete", "keep", "keep-both"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided. `change` is None if nothing was done to a file; `names` are those of photographs that stay."""

    do: Do
    names: tuple[str, ...] = ()
    change: Change | None = None


class Journal:
    """The decisions that stand, the oldest first."""

    def __init__(self, folder: Path) -> None:
        """Read those of earlier times. Raises DataError if they are none of ours."""
        self._path = folder / NAME
        self._decisions: list[Decision] = []
        try:
            self._is_whole = not self._path.exists() or self._path.read_bytes()[-1:] in (b"", b"\n")
            for record in _read_lines(self._path):
                if record["do"] == UNDO:
                    self._decisions.pop()
                else:
                    self._decisions.append(_decision_of(record))
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise DataError(f"{self._path} is not what this program writes ({error}): put it away") from error

    def __iter__(self) -> Iterator[Decision]:
        return iter(self._decisions)

    @property
    def last(self) -> Decision | None:
        """The decision that undoing would take back."""
        return self._decisions[-1] if self._decisions else None

    def add(self, decision: Decision) -> None:
        """Write a decision down. Raises FolderNotWritable."""
        self._append(_record_of(decision))
        self._decisions.append(decision)

    def take_back(self) -> None:
        """Write down that the last decision does not stand any more. Raises FolderNotWritable."""
        self._append({"do": UNDO})
        self._decisions.pop()

    def _append(self, record: dict[str, Any]) -> None:
        try:
            with self._path.open("a", encoding="ascii") as file:  # names of any bytes are escaped
                file.write(("" if self._is_whole else "\n") + json.dumps(record) + "\n")
                file.flush()
                os.fsync(file.fileno())
            self._is_whole = True
        except OSError as error:
            raise FolderNotWritable(f"{NAME} cannot be written: {error.strerror}.") from error


def _read_lines(path: Path) -> list[dict[str, Any]]:
    """Return the records. A line that was cut off when the machine went down counts for nothing."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return []
    records = []
    for line in lines:
        try:
            records.append(json.loads(line))
        except ValueError:
            continue
    return records


def _record_of(decision: Decision) -> dict[str, Any]:
    record: dict[str, Any] = {"do": decision.do}
    if decision.names:
        record["names"] = list(decision.names)
    if decision.change:
        record["before"] = [[place.name, place.label] for place in decision.change.before]
        record["after"] = [[place.name, place.label] for place in decision.change.after]
        record["actions"] = [_plain(action) for action in decision.change.actions]
    return record


def _decision_of(record: dict[str, Any]) -> Decision:
    if "actions" not in record:
        return Decision(record["do"], tuple(record.get("names", ())))
    before, after = (tuple(Place(*place) for place in record[side]) for side in ("before", "after"))
    actions = tuple(_action_of(*plain) for plain in record["actions"])
    return Decision(record["do"], change=Change(before, after, actions))


def _plain(action: Action) -> list[Any]:
    if isinstance(action, Moved):
        return [action.source, action.target]
    return [action.name, [[line.number, line.before, line.after] for line in action.lines]]


def _action_of(name: str, what: str | list[tuple[int, str | None, str | None]]) -> Action:
    return Moved(name, what) if isinstance(what, str) else Rewritten(name, tuple(Line(*line) for line in what))
