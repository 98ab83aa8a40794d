"""How a call of Telegram's API is made again: after the time that Telegram asks for, and after what was lost.

A call whose answer was lost may have been carried out: made again, it may be seen twice, and left out, not at all. It
is made again.
"""

import asyncio
import logging
import time
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import aiohttp
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter, TelegramServerError
from aiogram.methods import GetUpdates, SendChatAction, TelegramMethod
from aiogram.methods.base import TelegramType

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.methods import Response

FIRST_S, LONGEST_S = 1.0, 30.0
MOST_ATTEMPTS = 8  # of a call that was sent; one that could not even be sent is tried for ever
MOST_CHATS = 1000
ONCE: tuple[type, ...] = (GetUpdates, SendChatAction)  # who makes these calls makes the next ones

logger = logging.getLogger(__name__)


class Patience(BaseRequestMiddleware):
    """Makes calls again, unless they are of no use later. A chat that Telegram asks to leave alone is left alone."""

    def __init__(self) -> None:
        self._turns: WeakValueDictionary[object, asyncio.Lock] = WeakValueDictionary()  # one call at a time in a chat
        self._held: dict[object, float] = {}  # chats, and when they may be written to again

    async def __call__(
        self, make_request: NextRequestMiddlewareType[TelegramType], bot: "Bot", method: TelegramMethod[TelegramType]
    ) -> "Response[TelegramType]":
        """Make a call. Raises TelegramAPIError for what stays so."""
        chat = getattr(method, "chat_id", None)
        if isinstance(method, ONCE):
            if self._held_s(chat) > 0:
                raise TelegramRetryAfter(method, "The chat is left alone.", 1)
            return await make_request(bot, method)
        if chat is None:
            return await self._persist(make_request, bot, method)
        turn = self._turns.setdefault(chat, asyncio.Lock())
        async with turn:
            return await self._persist(make_request, bot, method)

    async def _persist(
        self, make_request: NextRequestMiddlewareType[TelegramType], bot: "Bot", method: TelegramMethod[TelegramType]
    ) -> "Response[TelegramType]":
        chat = getattr(method, "chat_id", None)
        attempts = sent = 0
        while True:
            while (held_s := self._held_s(chat)) > 0:
                await asyncio.sleep(held_s)
            try:
                return await make_request(bot, method)
            except TelegramRetryAfter as error:
                self._hold(chat, error.retry_after)
                continue
            except (TelegramNetworkError, TelegramServerError) as error:
                sent += not isinstance(error.__cause__, aiohttp.ClientConnectorError)
                if sent >= MOST_ATTEMPTS:
                    raise
                pause_s = min(FIRST_S * 2**attempts, LONGEST_S)
                logger.warning("%s again in %.0f s (%s)", type(method).__name__, pause_s, type(error).__name__)
            attempts = min(attempts + 1, MOST_ATTEMPTS)
            await asyncio.sleep(pause_s)

    def _hold(self, chat: object, seconds: float) -> None:
        now = time.monotonic()
        if len(self._held) >= MOST_CHATS:
            self._held = {one: until for one, until in self._held.items() if until > now}
        self._held[chat] = now + seconds

    def _held_s(self, chat: object) -> float:
        return self._held.get(chat, 0.0) - time.monotonic()
