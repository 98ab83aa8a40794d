"""`pagesight watch FOLDER`: each picture that comes into a folder, as soon as it is all there."""

import asyncio
import json
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from pagesight.async_client import AsyncClient
from pagesight.command.asking import Asker, Question
from pagesight.command.folder import Picture, pictures_in
from pagesight.command.formats.table import PICTURES, Target
from pagesight.command.journal import Journal, Record
from pagesight.command.whole_file import keep_drawn

EVERY_S = 1.0


async def watch(
    client: AsyncClient, question: Question, folder: Path, targets: Sequence[Target], *, at_once: int
) -> None:
    """Ask about what is in the folder and what comes, until it is cancelled. Raises as `detect` does.

    A picture is asked about when its size and time have stayed the same for a second. What is in the file of the target
    is not asked about again; without one, answers go to the standard output.
    """
    drawn_folders = [target.path for target in targets if target.form == PICTURES]
    files = [target.path for target in targets if target.form != PICTURES]
    with Journal(files[0], question.to_json()) if files else nullcontext() as journal:
        known: set[Picture] = set()

        def done(picture: Picture, record: Record, drawn: bytes | None) -> None:
            if drawn is not None:
                for drawn_folder in drawn_folders:
                    keep_drawn(drawn_folder, picture.name, drawn)
            if journal:
                journal.add(picture, record)
            else:
                said = {"detail": record.detail} if record.answer is None else {"answer": record.answer}
                sys.stdout.write(json.dumps({"file": record.name, **said}, ensure_ascii=False) + "\n")
                sys.stdout.flush()

        asker = Asker(client, question, done, at_once=at_once)
        seen: set[Picture] = set()
        while True:
            now = set(pictures_in(folder))
            ready = [one for one in now & seen if one not in known and not (journal and journal.has(one))]
            known = (known | set(ready)) & now
            await asker.ask_all(sorted(ready, key=lambda one: one.name))
            seen = now
            await asyncio.sleep(EVERY_S)
