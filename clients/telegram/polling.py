"""Asks Telegram for updates, and confirms only what is answered.

`getUpdates` confirms all updates below its `offset` and returns those from there on, at most 100. aiogram's own polling
moves the offset past an update as soon as it has begun with it, so that all that is worked on is lost with the process.
Here the offset is the first update that is not answered. While there is one, Telegram has no reason to wait: it returns
again what is known, so it is asked at intervals, and at once when more can be confirmed.
"""

import asyncio
import contextlib
import logging
from typing import Any

from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramServerError, TelegramUnauthorizedError
from aiogram.methods import GetUpdates
from aiogram.types import Update
from pydantic import ValidationError

from clients.telegram.inbox import Inbox, answered
from clients.telegram.stopping import until_stopped

LONG_S = 50  # Telegram waits no longer
REQUEST_S = 15  # for the answer beyond that
CONFIRM_S = 2  # at the end: told the same as before, Telegram takes 3 s to say that it knows
POLL_S = 0.6  # Telegram gives the first update alone to whoever asks the same again within 0.5 s
MOST_IN_HAND = 100
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0
WANTED = ["message"]

logger = logging.getLogger(__name__)


class Polling:
    """Polls for an inbox until `stop` is set."""

    def __init__(self, bot: Bot, inbox: Inbox, stop: asyncio.Event) -> None:
        self._bot = bot
        self._inbox = inbox
        self._stop = stop
        self._in_hand: dict[int, asyncio.Future[None]] = {}  # what is not confirmed
        self._offset: int | None = None  # as Telegram was told last
        self._more = asyncio.Event()  # can be confirmed

    async def run(self) -> None:
        """Poll, and in the end confirm what is answered."""
        await until_stopped(self._stop, self._bot.delete_webhook(drop_pending_updates=False))
        logger.info("Asking for updates")
        pause_s = FIRST_PAUSE_S
        while not self._stop.is_set():
            self._more.clear()
            waits = all(map(_is_answered, self._in_hand.values()))
            try:
                updates = await until_stopped(self._stop, self._ask(LONG_S if waits else 0))
            except TelegramUnauthorizedError:
                raise
            except TelegramAPIError as error:
                logger.warning("No updates (%s); asking again in %.0f s", type(error).__name__, pause_s)
                await self._sleep(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
                continue
            pause_s = FIRST_PAUSE_S
            for update in updates or []:
                self._take(update)
            if self._in_hand:
                await self._sleep(POLL_S if len(self._in_hand) < MOST_IN_HAND else None, until=self._more)
        await self._inbox.close()
        with contextlib.suppress(TelegramAPIError):
            if self._in_hand:
                await self._ask(0, limit=1, patience_s=CONFIRM_S)

    async def _ask(self, timeout_s: int, *, limit: int = MOST_IN_HAND, patience_s: int = REQUEST_S) -> list[Update]:
        """Ask for updates, and confirm those before the first that is not answered."""
        offset = self._offset = self._first_open()
        asking = GetUpdates(offset=offset, limit=limit, timeout=timeout_s, allowed_updates=WANTED)
        try:
            updates = await self._bot(asking, request_timeout=timeout_s + patience_s)
        except ClientDecodeError as error:
            updates = self._read_each(error.data)
        if offset is not None:
            self._in_hand = {one: future for one, future in self._in_hand.items() if one >= offset}
        return updates

    def _take(self, update: Update) -> None:
        if update.update_id in self._in_hand:
            return
        future = self._in_hand[update.update_id] = self._inbox.take(update)
        future.add_done_callback(self._see_whether_more)

    def _see_whether_more(self, _answered: "asyncio.Future[None]") -> None:
        if self._first_open() != self._offset:
            self._more.set()

    def _read_each(self, data: Any) -> list[Update]:
        """Return the updates that can be read; one of a kind that came after this aiogram is not, and is let go."""
        if not isinstance(data, dict):
            raise TelegramServerError(GetUpdates(), "This is not Telegram's answer.")
        updates = []
        for content in data.get("result", ()):
            try:
                updates.append(Update.model_validate(content, context={"bot": self._bot}))
            except ValidationError:
                logger.warning("An update cannot be read; a newer aiogram may be able to")
                self._in_hand[content["update_id"]] = answered()
        return updates

    def _first_open(self) -> int | None:
        """Return the first update that is not answered, or the one after the last; None if nothing is in hand."""
        unanswered = [one for one, future in self._in_hand.items() if not _is_answered(future)]
        return min(unanswered, default=max(self._in_hand, default=-1) + 1) or None

    async def _sleep(self, seconds: float | None, until: asyncio.Event | None = None) -> None:
        """Sleep until the time is over, something can be confirmed, or the bot is to end."""
        waiting = [asyncio.ensure_future(event.wait()) for event in (self._stop, until) if event]
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()


def _is_answered(future: "asyncio.Future[None]") -> bool:
    return future.done() and not future.cancelled()
