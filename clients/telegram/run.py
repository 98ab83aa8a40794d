"""Puts the bot together, and runs it until a signal comes."""

import asyncio
import contextlib
import logging
import signal

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError
from aiogram.types import BotCommand, User
from pagesight import AsyncClient, Retries

from clients.telegram.answering import Answering
from clients.telegram.inbox import Inbox
from clients.telegram.looking import Looking
from clients.telegram.memory import Memory
from clients.telegram.patience import Patience
from clients.telegram.polling import Polling
from clients.telegram.settings import Settings
from clients.telegram.stopping import until_stopped
from clients.telegram.texts import DEFAULT, LANGUAGES
from clients.telegram.webhook import Webhook

ANSWER_S = 120.0  # of Telegram: a drawn video is sent within it

logger = logging.getLogger(__name__)


async def run(settings: Settings, memory: Memory) -> None:
    """Answer updates until SIGTERM or SIGINT. Raises TelegramUnauthorizedError for a token that is none (any more)."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    session = AiohttpSession(api=TelegramAPIServer.from_base(settings.api), timeout=ANSWER_S)
    session.middleware(Patience())
    retries = Retries(patience_s=settings.patience)
    async with (
        Bot(settings.token, session=session) as bot,
        AsyncClient(settings.server, settings.key, retries=retries, at_once=settings.at_once + 2) as pagesight,
    ):
        me = await until_stopped(stop, _introduce(bot))
        if me is None:
            return
        looking = Looking(bot, pagesight, settings)
        inbox = Inbox(bot, Answering(bot, me, looking, settings), memory, looking.forget)
        logger.info("This is @%s; it asks %s", me.username, settings.server)
        if settings.webhook:
            await Webhook(bot, inbox, memory, stop).run(settings.webhook, settings.listen)
        else:
            await Polling(bot, inbox, stop).run()


async def _introduce(bot: Bot) -> User:
    """Tell Telegram the commands, for its menu; return who the bot is."""
    me = await bot.me()
    for language, texts in LANGUAGES.items():
        commands = [BotCommand(command=name, description=words) for name, words in texts.commands.items()]
        with contextlib.suppress(TelegramAPIError):
            await bot.set_my_commands(commands, language_code=None if language == DEFAULT else language)
    return me
