"""`pagesight detect FOLDER`: all pictures of a folder, once each, into files in the order of the folder."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from pagesight.async_client import AsyncClient
from pagesight.command.asking import Asker, Question
from pagesight.command.folder import Picture, pictures_in
from pagesight.command.formats.answered import Answered
from pagesight.command.formats.table import PICTURES, WRITERS, Target
from pagesight.command.journal import Journal, Record
from pagesight.command.whole_file import keep_drawn
from pagesight.server import ModelCard


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many pictures have an answer, and why the others have none."""

    answered: int
    unanswered: dict[str, str]


def journal_of(targets: Sequence[Target]) -> Path:
    """Return where that what is answered so far is kept: beside the first file that is to be written."""
    path = targets[0].path
    return path.with_name(f"{path.name}.partial")


async def detect(
    client: AsyncClient, question: Question, folder: Path, targets: Sequence[Target], *, at_once: int
) -> Outcome:
    """Ask about what is not answered yet, then write the targets. Raises PagesightError, OSError and OtherQuestion."""
    pictures = pictures_in(folder)
    drawn_folders = [target.path for target in targets if target.form == PICTURES]
    with Journal(journal_of(targets), question.to_json()) as journal:
        waiting = [picture for picture in pictures if not journal.has(picture)]
        with tqdm(total=len(pictures), initial=len(pictures) - len(waiting), unit="picture", disable=None) as bar:

            def done(picture: Picture, record: Record, drawn: bytes | None) -> None:
                if drawn is not None:
                    for drawn_folder in drawn_folders:
                        keep_drawn(drawn_folder, picture.name, drawn)
                journal.add(picture, record)
                bar.update()

            await Asker(client, question, done, at_once=at_once).ask_all(waiting)
        return await _write(client, question, pictures, journal, targets)


async def _write(
    client: AsyncClient, question: Question, pictures: Sequence[Picture], journal: Journal, targets: Sequence[Target]
) -> Outcome:
    def answers() -> Iterator[Mapping[str, Any]]:
        return (record.answer for record in journal.records(pictures) if record.answer is not None)

    unanswered = {one.name: one.detail or "" for one in journal.records(pictures) if one.answer is None}
    first = next(answers(), None)
    card = await _card(client, first["model"]) if first else None
    about = {"server": question.server, **question.options}
    written = Answered(answers, unanswered, (card and card.labels) or (), (card and card.skeleton) or (), about)
    for target in targets:
        if target.form in WRITERS:
            WRITERS[target.form](target.path, written)
    journal.remove()
    return Outcome(len(pictures) - len(unanswered), unanswered)


async def _card(client: AsyncClient, model: str) -> ModelCard | None:
    cards = (await client.models()).models
    return next((card for card in cards if card.name == model), None)
