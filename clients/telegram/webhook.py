"""Has Telegram send updates, and takes one as received only when it is answered.

Telegram sends an update again until it is answered with 200, after longer and longer pauses for a day. It sends the
next update of a chat only then, so of an album the parts after the first would never come: they are taken as received
before they are answered, and are in `Memory` until then.
"""

import asyncio
import hmac
import json
import logging
from urllib.parse import urlsplit

from aiogram import Bot
from aiogram.types import Update
from aiohttp import web
from pydantic import ValidationError

from clients.telegram.inbox import Inbox
from clients.telegram.memory import Memory
from clients.telegram.stopping import until_stopped

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105, its name
MOST_BYTES = 1_000_000  # of an update
MOST_CONNECTIONS = 40
WANTED = ["message"]

logger = logging.getLogger(__name__)


class Webhook:
    """Listens for an inbox until `stop` is set."""

    def __init__(self, bot: Bot, inbox: Inbox, memory: Memory, stop: asyncio.Event) -> None:
        self._bot = bot
        self._inbox = inbox
        self._memory = memory
        self._stop = stop
        self._secret = hmac.digest(bot.token.encode(), b"webhook", "sha256").hex()

    async def run(self, url: str, listen: tuple[str, int]) -> None:
        """Listen, tell Telegram where, and end what is worked on before the end."""
        for update in self._memory.taken():
            self._inbox.take(Update.model_validate(update, context={"bot": self._bot}))
        application = web.Application(client_max_size=MOST_BYTES)
        application.router.add_post(urlsplit(url).path, self._receive)
        runner = web.AppRunner(application, access_log=None, handle_signals=False)
        await runner.setup()
        try:
            await web.TCPSite(runner, *listen).start()
            telling = self._bot.set_webhook(
                url, secret_token=self._secret, allowed_updates=WANTED, max_connections=MOST_CONNECTIONS
            )
            await until_stopped(self._stop, telling)
            logger.info("Listening for updates on %s:%d", *listen)
            await self._stop.wait()
            await self._inbox.close(answers_albums=True)
        finally:
            await runner.cleanup()

    async def _receive(self, request: web.Request) -> web.Response:
        if not hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), self._secret.encode()):
            return web.Response(status=401)
        try:
            content = await request.json()
            update = Update.model_validate(content, context={"bot": self._bot})
        except (json.JSONDecodeError, UnicodeDecodeError):
            return web.Response(status=400)
        except ValidationError:  # refused, it would come again, and hold up its chat
            logger.warning("An update cannot be read; a newer aiogram may be able to")
            return web.Response()
        if self._stop.is_set():
            return web.Response(status=503)
        answered = self._inbox.take(update)
        if update.message and update.message.media_group_id and not answered.done():
            self._memory.take(content)
            return web.Response()
        await asyncio.wait([answered])
        return web.Response(status=503 if answered.cancelled() else 200)
