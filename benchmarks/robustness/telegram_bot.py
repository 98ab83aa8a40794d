"""The Telegram bot, killed at random again and again: which messages are lost, and which are answered twice.

    python -m benchmarks.robustness.telegram_bot [--messages 400] [--kills 40] [--quick] [--without-memory] [--seed 0]

Twenty people send photographs, albums, wrong files and words to a stand-in for Telegram's API, as fast as half of them
are answered. Meanwhile the bot is ended by SIGKILL (three times of four) or SIGTERM at any moment, and started again.
"""

import argparse
import random
import shutil
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.robustness.rows import Row, finish
from clients.telegram.memory import SHARED_MEMORY
from harness.gunicorn_server import PROJECT, running_server
from harness.telegram_api import ANNA, TelegramApi, running_telegram
from harness.telegram_bot import TelegramBot, running_bot
from harness.waiting import wait_until

PEOPLE = 20
IN_HAND = 30  # messages that wait for an answer at the same time
ALBUM = 3
KILLED = 0.75  # of the ends
LONGEST_S = 2.0  # from its start to its end
READY = "Asking for updates"
END_LIMIT_S = 300.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How often each message was answered, and how often the bot was ended."""

    answers: list[int]
    kills: int
    ends: int


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--messages", type=int, default=400)
    parser.add_argument("--kills", type=int, default=40, help="and other ends")
    parser.add_argument("--quick", action="store_true", help="60 messages, 6 ends")
    parser.add_argument("--without-memory", action="store_true", help="PAGESIGHT_BOT_MEMORY=off")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    messages, ends = (60, 6) if options.quick else (options.messages, options.kills)
    memory = None if options.without_memory else Path(tempfile.mkdtemp(dir=SHARED_MEMORY))
    try:
        outcome = measure(messages, ends, memory, random.Random(options.seed))  # noqa: S311
    finally:
        if memory:
            shutil.rmtree(memory)
    rows = make_rows(outcome)
    for row in rows:
        print(f"{'met    ' if row.met else 'NOT MET'} {row.measure}: {row.measured} (target: {row.target})")
    finish(rows)


def make_rows(outcome: Outcome) -> list[Row]:
    """Return what is to be shown."""
    lost = outcome.answers.count(0)
    twice = sum(1 for count in outcome.answers if count > 1)
    where = f"of {len(outcome.answers)}, over {outcome.kills} SIGKILLs and {outcome.ends} SIGTERMs"
    return [
        Row("messages lost", "0", f"{lost} {where}", lost == 0),
        Row(
            "messages answered twice",
            f"at most one for each SIGKILL: {outcome.kills}",
            f"{twice} {where}",
            twice <= outcome.kills,
        ),
    ]


def measure(messages: int, ends: int, memory: Path | None, chance: random.Random) -> Outcome:
    """Send, kill, and wait until Telegram has no update left."""
    kills = 0
    with running_server() as server, running_telegram() as api:
        with running_bot(api, server.url, memory, PAGESIGHT_BOT_RATE="1000") as bot:
            sent: list[int] = []
            writer = threading.Thread(target=write_all, args=(api, messages, chance, sent))
            writer.start()
            for number in range(ends):
                wait_until(lambda: bot.log().count(READY) > number, limit_s=END_LIMIT_S)  # noqa: B023, called at once
                time.sleep(chance.uniform(0, LONGEST_S))
                is_kill = chance.random() < KILLED
                kills += is_kill
                end(bot, is_kill=is_kill)
                bot.start()
            writer.join()
            api.wait_until_confirmed(limit_s=END_LIMIT_S)
        return Outcome([len(api.answers_to(number)) for number in sent], kills, ends - kills)


def end(bot: TelegramBot, *, is_kill: bool) -> None:
    """End the bot in one of two ways."""
    if is_kill:
        bot.kill()
    else:
        bot.terminate()


def write_all(api: TelegramApi, count: int, chance: random.Random, sent: list[int]) -> None:
    """Write messages; `sent` gets the numbers of those to which an answer belongs: of an album the first."""
    photograph = (PROJECT / "site" / "examples" / "dog.jpg").read_bytes()
    for number in range(count):
        by = {**ANNA, "id": 3000 + chance.randrange(PEOPLE)}
        wait_until(lambda: api.unconfirmed < IN_HAND, limit_s=END_LIMIT_S)
        sent.append(api.write(by=by, **content(api, photograph, number)))
        if number % 5 == 1:
            for _ in range(ALBUM - 1):
                api.write(by=by, **api.photo(photograph), media_group_id=str(number))


def content(api: TelegramApi, photograph: bytes, number: int) -> dict[str, Any]:
    """Return what a message brings: most bring a photograph."""
    if number % 5 == 1:
        return {**api.photo(photograph), "media_group_id": str(number)}
    if number % 5 == 2:
        return api.document(b"%PDF-1.7", "paper.pdf", "application/pdf")
    if number % 5 == 3:
        return {"text": "/help"}
    return api.photo(photograph)


if __name__ == "__main__":
    main()
