"""What the bot says to its owner. The token is in no line, nor is the key."""

import logging
import traceback
from collections.abc import Sequence

FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"
MOST_FRAMES = 6
QUIET = ("httpx", "httpcore", "aiogram", "aiohttp.access", "asyncio")  # their lines name chats, or addresses of jobs


class Discreet(logging.Formatter):
    """Writes lines without secrets, wherever in a line or a traceback they are."""

    def __init__(self, secrets: Sequence[str]) -> None:
        super().__init__(FORM)
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, "(secret)")
        return line


def place_of(error: BaseException) -> str:
    """Return what an error is and where it was raised. Its own words may be somebody's: they are left out."""
    frames = traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]
    return f"{type(error).__name__} in " + " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))


def start_log(level: str, secrets: Sequence[str]) -> None:
    """Write the log to the standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(Discreet(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
