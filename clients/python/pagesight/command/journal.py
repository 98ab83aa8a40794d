"""What was answered so far, in a file of JSON lines: a program that is stopped goes on from there.

The first line says what was asked, so that no two questions are mixed. Each further line is of one picture, in the
order in which they were answered; its place in the file is kept in memory, and the line is not.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from pagesight.command.folder import Picture


class OtherQuestion(Exception):
    """The file holds answers to another question."""


@dataclass(frozen=True, slots=True)
class Record:
    """What came of a picture: an answer as the API writes it, or in words why there is none."""

    name: str
    answer: Mapping[str, Any] | None = None
    detail: str | None = None


class Journal:
    """The file. Raises OtherQuestion, and OSError."""

    def __init__(self, path: Path, question: Mapping[str, Any]) -> None:
        self.path = path
        self._places: dict[tuple[str, int, int], int] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: BinaryIO = path.open("a+b")  # closed by close()
        try:
            self._read({"question": dict(question)})
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._places:
            self._file.close()
        else:
            self.remove()  # so that another question can be asked

    def has(self, picture: Picture) -> bool:
        """Whether the picture, as it is now, is in it."""
        return _key(picture) in self._places

    def add(self, picture: Picture, record: Record) -> None:
        """Write what came of a picture."""
        line: dict[str, Any] = {"file": picture.name, "size": picture.size, "modified_ns": picture.modified_ns}
        line |= {"detail": record.detail} if record.answer is None else {"answer": record.answer}
        self._places[_key(picture)] = self._write(line)

    def records(self, pictures: Iterable[Picture]) -> Iterator[Record]:
        """Give what came of those of these pictures that are in it, in their order."""
        for picture in pictures:
            place = self._places.get(_key(picture))
            if place is not None:
                self._file.seek(place)
                line = json.loads(self._file.readline())
                yield Record(line["file"], line.get("answer"), line.get("detail"))

    def remove(self) -> None:
        """Remove the file."""
        self._file.close()
        self.path.unlink(missing_ok=True)

    def _read(self, head: Mapping[str, Any]) -> None:
        self._file.seek(0)
        end = 0
        for number, line in enumerate(self._file):
            if not line.endswith(b"\n"):
                break  # the program was killed while it wrote
            self._take_in(number, end, line, head)
            end += len(line)
        self._file.truncate(end)
        if end == 0:
            self._write(head)

    def _take_in(self, number: int, place: int, line: bytes, head: Mapping[str, Any]) -> None:
        try:
            content = json.loads(line)
            if number == 0 and content != json.loads(json.dumps(head)):
                raise OtherQuestion(
                    f"{self.path} has answers to another question (server, task or options). Ask that one again, or "
                    "remove the file to begin anew."
                )
            if number:
                self._places[(content["file"], content["size"], content["modified_ns"])] = place
        except (ValueError, KeyError, TypeError) as error:
            raise OtherQuestion(f"{self.path} is no file that pagesight wrote; choose another name.") from error

    def _write(self, line: Mapping[str, Any]) -> int:
        """Append a line; return where it is."""
        place = self._file.seek(0, 2)
        self._file.write(json.dumps(line, ensure_ascii=False).encode("utf-8") + b"\n")
        self._file.flush()
        return place


def _key(picture: Picture) -> tuple[str, int, int]:
    return (picture.name, picture.size, picture.modified_ns)
