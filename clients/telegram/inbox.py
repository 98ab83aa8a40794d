"""The updates in hand: each is answered once, and counts as answered only when Telegram has taken the answer.

Whoever takes an update in gets a future that is done when Telegram may forget the update: the transport then says so.
An album comes as an update for each of its pictures, which are answered together.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramBadRequest, TelegramUnauthorizedError
from aiogram.types import Message, Update

from clients.telegram.logs import place_of
from clients.telegram.memory import Memory
from clients.telegram.replies import Reply

ALBUM_QUIET_S = 1.5  # twice as long as polling takes to see what came meanwhile
MOST_IN_ALBUM = 10
END_S = 10.0  # for what is worked on when the bot is ended
SENT_S = 15.0  # and for what is on its way to Telegram then

logger = logging.getLogger(__name__)


class Answers(Protocol):
    """Makes answers."""

    async def answer(self, messages: Sequence[Message]) -> Reply | None:
        """Return the answer to messages that belong together."""

    def failure(self, messages: Sequence[Message]) -> Reply:
        """Return the answer if that failed."""


@dataclass(slots=True)
class _Album:
    """An album of which more may come."""

    updates: list[Update] = field(default_factory=list)
    timer: asyncio.TimerHandle | None = None


class Inbox:
    """Answers updates by `answers`; `forget` has the server forget a video."""

    def __init__(self, bot: Bot, answers: Answers, memory: Memory, forget: Callable[[str], Awaitable[None]]) -> None:
        self._bot = bot
        self._answers = answers
        self._memory = memory
        self._forget = forget
        self._open: dict[int, asyncio.Future[None]] = {}
        self._albums: dict[tuple[int, str], _Album] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._sending: set[asyncio.Task[None]] = set()

    def take(self, update: Update) -> asyncio.Future[None]:
        """Take an update in; return what is done when it is answered. It may come again, and is the same then."""
        if (future := self._open.get(update.update_id)) is not None:
            return future
        if update.message is None or self._memory.is_answered(update.update_id):
            return answered()
        future = self._open[update.update_id] = asyncio.get_running_loop().create_future()
        if update.message.media_group_id is None:
            self._begin([update])
        else:
            self._add_to_album(update, (update.message.chat.id, update.message.media_group_id))
        return future

    async def close(self, *, answers_albums: bool = False) -> None:
        """Bring to an end what can be; the rest stays unanswered, and Telegram sends it again.

        Of an album more may come, which is not waited for: `answers_albums` if Telegram would not send it again.
        """
        for album in self._albums.values():
            if album.timer:
                album.timer.cancel()
            if answers_albums:
                self._begin(album.updates)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=END_S)
        for task in self._tasks - self._sending:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=SENT_S)

    def _add_to_album(self, update: Update, name: tuple[int, str]) -> None:
        album = self._albums.setdefault(name, _Album())
        album.updates.append(update)
        if album.timer:
            album.timer.cancel()
        loop = asyncio.get_running_loop()
        pause_s = 0.0 if len(album.updates) == MOST_IN_ALBUM else ALBUM_QUIET_S
        album.timer = loop.call_later(pause_s, lambda: self._begin(self._albums.pop(name).updates))

    def _begin(self, updates: Sequence[Update]) -> None:
        task = asyncio.create_task(self._work(sorted(updates, key=lambda update: update.update_id)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, updates: Sequence[Update]) -> None:
        """Answer updates that belong together. Between the answer and the note of it nothing else is waited for."""
        try:
            reply = await self._answer(_messages(updates))
            await self._send(reply, updates)
        finally:
            for update in updates:
                future = self._open.pop(update.update_id)
                if self._memory.is_answered(update.update_id):
                    future.set_result(None)
                else:
                    future.cancel()
        for job_id in reply.forgotten if reply else ():
            await self._forget(job_id)

    async def _answer(self, messages: Sequence[Message]) -> Reply | None:
        try:
            return await self._answers.answer(messages)
        except Exception as error:  # noqa: BLE001  # one message must not end the bot
            logger.error("An update could not be answered: %s", place_of(error))
            return self._answers.failure(messages)

    async def _send(self, reply: Reply | None, updates: Sequence[Update]) -> None:
        task: Any = asyncio.current_task()
        self._sending.add(task)
        try:
            if reply is not None:
                await self._bot(reply.method)
        except TelegramUnauthorizedError:
            raise
        except TelegramBadRequest as error:  # it cannot show what was drawn
            logger.warning("Telegram refused an answer: %s", error.message)
            await self._say_failure(updates)
        except ClientDecodeError:  # Telegram took it, and said so in words that this aiogram does not know
            logger.warning("Telegram's word on an answer cannot be read")
        except TelegramAPIError as error:  # the chat is gone, or the bot is blocked there: it would be so again
            logger.warning("Telegram did not take an answer (%s)", type(error).__name__)
        except Exception as error:  # noqa: BLE001  # nor must one answer
            logger.error("An answer could not be sent: %s", place_of(error))
        finally:
            self._sending.discard(task)
        self._memory.mark_answered(update.update_id for update in updates)

    async def _say_failure(self, updates: Sequence[Update]) -> None:
        with contextlib.suppress(TelegramAPIError):
            await self._bot(self._answers.failure(_messages(updates)).method)


def _messages(updates: Sequence[Update]) -> list[Message]:
    return [update.message for update in updates if update.message]


def answered() -> "asyncio.Future[None]":
    """Return what an update has of which nothing is left to do."""
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    future.set_result(None)
    return future
