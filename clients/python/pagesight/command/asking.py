"""Asks about many pictures at the same time."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, get_type_hints

from pagesight.async_client import AsyncClient
from pagesight.command.folder import Picture
from pagesight.command.journal import Record
from pagesight.errors import AnsweredWithProblem, Lost
from pagesight.options import ClassificationOptions, DetectionOptions, ReadingOptions, SegmentationOptions

# Each verb's options.
TASKS: dict[str, type] = {
    "detect": DetectionOptions,
    "classify": ClassificationOptions,
    "segment": SegmentationOptions,
    "read": ReadingOptions,
}
WINDOW = 16  # pictures in hand for each request under way: those that wait to be sent again hold up nobody
OF_THE_PICTURE = (413, 415, 422, 500, 504)  # others are of the question, and no picture would be answered
BAD_REQUEST = 400

Done = Callable[[Picture, Record, "bytes | None"], None]


def options_of(verb: str) -> dict[str, Any]:
    """Return a task's options that make sense for a whole folder, with their types."""
    hints = get_type_hints(TASKS[verb])
    return {name: kind for name, kind in hints.items() if name not in ("annotate", "orientation", "display_width")}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about each picture. `draws`: whether the drawn picture is wanted."""

    server: str
    verb: str
    options: dict[str, Any]
    draws: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return what tells it from another question."""
        return {"server": self.server, "verb": self.verb, "options": self.options, "draws": self.draws}


class Asker:
    """Asks a question about pictures, and calls `done` with what came of each, as it comes.

    What the server cannot do now stops everything, as `Unavailable` or `Unreachable`; so does what it refuses of every
    picture, such as a wrong key, as `Refused`.
    """

    def __init__(self, client: AsyncClient, question: Question, done: Done, *, at_once: int) -> None:
        self._client = client
        self._verb = question.verb
        self._options: dict[str, Any] = {**question.options, "annotate": question.draws}
        self._done = done
        self._window = at_once * WINDOW
        self._answered = 0

    async def ask_all(self, pictures: Iterable[Picture]) -> None:
        """Ask about all of them. Raises PagesightError."""
        places = asyncio.Semaphore(self._window)
        try:
            async with asyncio.TaskGroup() as group:
                for picture in pictures:
                    await places.acquire()
                    task = group.create_task(self._ask_one(picture))
                    task.add_done_callback(lambda _: places.release())
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from errors.exceptions[0].__cause__

    async def _ask_one(self, picture: Picture) -> None:
        drawn = None
        try:
            if picture.size == 0:
                raise OSError("the file is empty")
            answer, said = await self._client.ask_json(self._verb, picture.path, **self._options)
            drawn = answer.image
            record = Record(picture.name, said | {"name": picture.name, "image": None})
            self._answered += 1
        except (AnsweredWithProblem, Lost, OSError) as error:
            if isinstance(error, AnsweredWithProblem) and not self._is_of_the_picture(error.status):
                raise
            record = Record(picture.name, detail=_words(error))
        self._done(picture, record, drawn)

    def _is_of_the_picture(self, status: int) -> bool:
        return status in OF_THE_PICTURE or (status == BAD_REQUEST and self._answered > 0)


def _words(error: Exception) -> str:
    text = error.strerror if isinstance(error, OSError) else None
    return text or str(error)
