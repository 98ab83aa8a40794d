"""A bot, the server that it asks, and a stand-in for Telegram."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from clients.telegram.memory import SHARED_MEMORY, is_in_memory
from harness.gunicorn_server import GunicornServer
from harness.telegram_api import TOKEN, TelegramApi, running_telegram
from harness.telegram_bot import TelegramBot, running_bot

PAGE = "https://you.example/detector/"
StartBot = Callable[..., TelegramBot]


@contextmanager
def folder_in_memory() -> Iterator[Path]:
    if not is_in_memory(SHARED_MEMORY):
        pytest.skip("there is no folder in memory here")
    folder = Path(tempfile.mkdtemp(prefix="pagesight-telegram-", dir=SHARED_MEMORY))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def memory() -> Iterator[Path]:
    with folder_in_memory() as folder:
        yield folder


@pytest.fixture
def api() -> Iterator[TelegramApi]:
    with running_telegram() as started:
        yield started


@pytest.fixture
def start_bot(small_server: GunicornServer, memory: Path) -> Iterator[StartBot]:
    """Start bots: `start_bot(api)`. They end with the test, and their log has no secrets."""
    with ExitStack() as bots:

        def start(api: TelegramApi, server: str = small_server.url, **environment: str) -> TelegramBot:
            bot = bots.enter_context(running_bot(api, server, memory, **environment))
            bots.callback(lambda: require_discretion(bot))
            return bot

        yield start


def require_discretion(bot: TelegramBot) -> None:
    assert TOKEN.partition(":")[2] not in bot.log()
    assert "the-key-of-the-bot" not in bot.log()
