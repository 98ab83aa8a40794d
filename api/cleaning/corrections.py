"""The photographs of a data folder while they are corrected: each has a number, wherever it goes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any

from api.cleaning.actions import backwards, perform_all, read_file, write_backup
from api.cleaning.forms import Change, Folders, Place, Table, find_form
from api.cleaning.journal import NAME, Decision, Do, Journal
from api.errors import BadRequest, FolderChanged, FolderNotWritable
from api.training.dataset import Dataset, read_dataset


@dataclass(frozen=True, slots=True)
class Item:
    """A photograph; `label` None: it is in the trash. `is_kept`: somebody has looked at it, and it is right."""

    number: int
    name: str
    label: str | None
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, or taken back (`is_undone`), and the photographs as they are now."""

    do: Do
    items: tuple[Item, ...]
    pair: tuple[int, int] | None = None
    is_undone: bool = False


def read_folder(folder: Path) -> Dataset:
    """Return what is in a data folder, also if it is too little to learn from. Raises DataError."""
    return read_dataset(folder, least_labels=0 if (folder / NAME).exists() else 1)


class Corrections:
    """Corrects one data folder. For several threads at once."""

    def __init__(self, dataset: Dataset) -> None:
        """Go on where it was left. Raises DataError."""
        self.folder = dataset.folder
        self._form = find_form(dataset.folder)
        self._journal = Journal(dataset.folder)
        empty = self._form.labels() if isinstance(self._form, Folders) else ()
        self.labels = tuple(sorted({*dataset.labels, *empty, *self._earlier_labels()}))
        self._lock = Lock()
        self._has_backup = False
        self._items = {
            number: Item(number, photograph.name, dataset.labels[photograph.label])
            for number, photograph in enumerate(dataset.photographs)
        }
        kept, self._kept_pairs = self._find_kept()
        self._items = {number: replace(item, is_kept=item.name in kept) for number, item in self._items.items()}

    @property
    def items(self) -> tuple[Item, ...]:
        """All photographs, also those that were deleted meanwhile."""
        return tuple(self._items.values())

    @property
    def kept_pairs(self) -> frozenset[frozenset[str]]:
        """The pairs of which both stay, by their names."""
        return frozenset(self._kept_pairs)

    @property
    def undoable(self) -> Decision | None:
        """What undoing would take back."""
        return self._journal.last

    def read(self, number: int) -> bytes:
        """Return a photograph's bytes, also from the trash. Raises BadRequest, FolderChanged."""
        with self._lock:  # while it moves it is nowhere
            if number not in self._items:
                raise BadRequest("There is no such photograph.")
            return read_file(self.folder / self._items[number].name)

    def follow(self, name: str) -> str:
        """Return what a photograph is called now that was once called `name`."""
        for decision in self._journal:
            if decision.change:
                renamed = zip(decision.change.before, decision.change.after, strict=True)
                name = next((after.name for before, after in renamed if before.name == name), name)
        return name

    def relabel(self, numbers: Sequence[int], label: str) -> Done:
        """Give photographs another label. Raises BadRequest, FolderChanged, FolderNotWritable."""
        if label not in self.labels:
            raise BadRequest("There is no such label in this folder.")
        with self._lock:
            places = [place for place in self._places(numbers) if place.label != label]
            if not places:
                raise BadRequest("They have this label already; keep them if it is right.")
            return self._change("relabel", self._form.relabel(places, label))

    def delete(self, numbers: Sequence[int]) -> Done:
        """Put photographs into the trash. Raises BadRequest, FolderChanged, FolderNotWritable."""
        with self._lock:
            return self._change("delete", self._form.delete(self._places(numbers)))

    def keep(self, numbers: Sequence[int]) -> Done:
        """Remember that photographs are right. Raises BadRequest, FolderNotWritable."""
        with self._lock:
            names = tuple(place.name for place in self._places(numbers))
            self._journal.add(Decision("keep", names))
            return Done("keep", self._refresh(names))

    def keep_both(self, one: int, other: int) -> Done:
        """Remember that two photographs that are nearly the same both stay. Raises BadRequest, FolderNotWritable."""
        with self._lock:
            names = tuple(place.name for place in self._places([one, other]))
            self._journal.add(Decision("keep-both", names))
            return Done("keep-both", self._refresh(names), (one, other))

    def undo(self) -> Done:
        """Take the last decision back. Raises BadRequest if there is none, FolderChanged, FolderNotWritable."""
        with self._lock:
            decision = self._journal.last
            if decision is None:
                raise BadRequest("There is nothing to undo.")
            if decision.change is None:
                self._journal.take_back()
                items = self._refresh(decision.names)
                pair = (items[0].number, items[1].number) if decision.do == "keep-both" and len(items) == 2 else None
                return Done(decision.do, items, pair, is_undone=True)
            try:
                perform_all(backwards(decision.change.actions), self.folder)
            except FolderChanged as error:
                self._journal.take_back()  # else it would stand in the way of what was decided before it
                raise FolderChanged(f"This cannot be undone any more. {error.detail}") from error
            self._journal.take_back()
            items = self._follow(decision.change.after, decision.change.before)
            return Done(decision.do, items, is_undone=True)

    def _change(self, do: Do, change: Change) -> Done:
        if isinstance(self._form, Table) and not self._has_backup:
            write_backup(self._form.name, self.folder)
            self._has_backup = True
        perform_all(change.actions, self.folder)
        try:
            self._journal.add(Decision(do, change=change))
        except FolderNotWritable:  # then it could not be undone
            perform_all(backwards(change.actions), self.folder)
            raise
        return Done(do, self._follow(change.before, change.after))

    def _follow(self, before: Sequence[Place], after: Sequence[Place]) -> tuple[Item, ...]:
        """Let the items be where they are now; one that was deleted before this start of the program comes anew."""
        numbers = {item.name: number for number, item in self._items.items()}
        for was, now in zip(before, after, strict=True):
            number = numbers.get(was.name, len(self._items))
            self._items[number] = Item(number, now.name, now.label)
        return self._refresh([place.name for place in after])

    def _refresh(self, names: Sequence[str]) -> tuple[Item, ...]:
        """Return the items of these names, with what is kept now."""
        kept, self._kept_pairs = self._find_kept()
        for number, item in self._items.items():
            if item.name in names:
                self._items[number] = replace(item, is_kept=item.name in kept)
        return tuple(item for item in self._items.values() if item.name in names)

    def _earlier_labels(self) -> Iterator[str]:
        """Yield labels that photographs had once: the last one of a label may have got another."""
        for decision in self._journal:
            for place in (*decision.change.before, *decision.change.after) if decision.change else ():
                if place.label is not None:
                    yield place.label

    def _find_kept(self) -> tuple[set[str], set[frozenset[str]]]:
        """Return the names of photographs, and of pairs, that need not be asked about again: a person has decided."""
        kept: set[str] = set()
        pairs: set[frozenset[str]] = set()
        for decision in self._journal:
            if decision.do == "keep":
                kept |= set(decision.names)
            elif decision.do == "keep-both":
                pairs.add(frozenset(decision.names))
            elif decision.change:
                kept -= {place.name for place in decision.change.before}
                kept |= {place.name for place in decision.change.after if place.label is not None}
        return kept, pairs

    def _item(self, number: Any) -> Item:
        item = self._items.get(number) if isinstance(number, int) else None
        if item is None or item.label is None:
            raise BadRequest("There is no such photograph.")
        return item

    def _places(self, numbers: Sequence[int]) -> list[Place]:
        items = [self._item(number) for number in dict.fromkeys(numbers)]
        if not items:
            raise BadRequest("Say which photographs.")
        return [Place(item.name, item.label) for item in items]
