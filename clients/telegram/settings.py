"""The settings: one frozen dataclass, read from environment variables. No other module reads them.

`docs` of each field is what the table in docs/telegram.md says; a test compares them.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from clients.telegram.memory import default_folder, is_in_memory

TOKEN = re.compile(r"[0-9]{3,}:[A-Za-z0-9_-]{30,}")
WEBHOOK_PORTS = (None, 80, 88, 443, 8443)  # to which Telegram sends


class SettingsError(ValueError):
    """A variable has a bad value; the message names the variable and what was expected."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads a value. `expected` says in words what it takes; `read` raises ValueError for everything else."""

    expected: str
    read: Callable[[str], Any]


def _number(kind: type[int] | type[float], lowest: int, highest: int) -> Reader:
    def read(text: str) -> int | float:
        value = kind(text)
        if not lowest <= value <= highest:
            raise ValueError(text)
        return value

    whole = "whole number" if kind is int else "number"
    return Reader(f"a {whole} from {lowest} to {highest}", read)


def _token(text: str) -> str:
    if not TOKEN.fullmatch(text):
        raise ValueError(text)
    return text


def _key(text: str) -> str:
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError(text)
    return text


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(text)
    return text.rstrip("/")


def _page(text: str) -> str:
    url = _url(text)
    return url if url.endswith(".html") else f"{url}/"


def _webhook(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme != "https" or not parts.hostname or parts.port not in WEBHOOK_PORTS or len(parts.path) < 2:
        raise ValueError(text)
    return text


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not 1 <= int(port) <= 65_535:
        raise ValueError(text)
    return host, int(port)


def _memory(text: str) -> Path | None:
    if text == "off":
        return None
    folder = Path(text)
    if not folder.is_dir() or not is_in_memory(folder):
        raise ValueError(text)
    return folder


def _log_level(text: str) -> str:
    if text.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError(text)
    return text.upper()


URL = Reader("an address such as https://detector.example.org", _url)


def _setting(
    variable: str,
    default: Any,
    reader: Reader,
    docs: str,
    *,
    factory: Callable[[], Any] | None = None,
    secret: bool = False,
) -> Any:
    """Return a field. A secret is never said again, not even in the line about a bad value."""
    metadata = {"variable": variable, "reader": reader, "docs": docs, "secret": secret}
    return field(default_factory=factory or (lambda: default), metadata=metadata, repr=not secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this bot is to run. Build it with `Settings.from_environment`."""

    token: str = _setting(
        "PAGESIGHT_BOT_TOKEN",
        "",
        Reader("a token as @BotFather gives it, such as 123456789:AAE...", _token),
        "The bot's token, from @BotFather. Whoever has it is the bot",
        secret=True,
    )
    server: str = _setting("PAGESIGHT_SERVER", "http://127.0.0.1:5000", URL, "The Pagesight server that is asked")
    key: str | None = _setting(
        "PAGESIGHT_KEY",
        None,
        Reader("a key: letters, digits and signs without blanks", _key),
        "The key that the server's owner gave the bot",
        secret=True,
    )
    model: str | None = _setting(
        "PAGESIGHT_BOT_MODEL", None, Reader("a name", str), "The model that is asked, in place of the server's first"
    )
    page: str | None = _setting(
        "PAGESIGHT_BOT_PAGE",
        None,
        Reader("an address such as https://you.github.io/detector", _page),
        "The page, to which each answer then has a link; that of a video opens it there",
    )
    rate: int = _setting(
        "PAGESIGHT_BOT_RATE",
        20,
        _number(int, 1, 1000),
        "How many photographs one person may send in a minute; a video counts as five",
    )
    at_once: int = _setting(
        "PAGESIGHT_BOT_AT_ONCE", 4, _number(int, 1, 64), "How many photographs are worked on at the same time"
    )
    patience: float = _setting(
        "PAGESIGHT_BOT_PATIENCE",
        30.0,
        _number(float, 0, 600),
        "For how many seconds a busy or absent server is asked again",
    )
    video_seconds: float = _setting(
        "PAGESIGHT_BOT_VIDEO_SECONDS",
        180.0,
        _number(float, 1, 3600),
        "For how many seconds a video is waited for; after that there is only its link, or word that it takes too long",
    )
    webhook: str | None = _setting(
        "PAGESIGHT_BOT_WEBHOOK",
        None,
        Reader("an https address with a path, on port 443, 80, 88 or 8443", _webhook),
        "Where Telegram sends updates to, by way of a proxy with a certificate; without it the bot asks for them",
    )
    listen: tuple[str, int] = _setting(
        "PAGESIGHT_BOT_LISTEN",
        ("127.0.0.1", 8081),
        Reader("an address and a port, such as 127.0.0.1:8081", _address),
        "Where the webhook listens for the proxy",
    )
    memory: Path | None = _setting(
        "PAGESIGHT_BOT_MEMORY",
        None,
        Reader("off, or a folder on a file system in memory (tmpfs), since this bot writes to no disk", _memory),
        "Where in memory the bot notes the numbers of the updates that it has answered, so that a bot that was killed"
        " answers none twice; `off` for nowhere",
        factory=default_folder,
    )
    api: str = _setting(
        "PAGESIGHT_BOT_API", "https://api.telegram.org", URL, "Telegram's API, or a server of it that you run"
    )
    log_level: str = _setting(
        "PAGESIGHT_LOG_LEVEL", "INFO", Reader("DEBUG, INFO, WARNING or ERROR", _log_level), "How much is logged"
    )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings; an unset or empty variable leaves its default. Raises SettingsError."""
        environment = os.environ if environment is None else environment
        values = {}
        for setting in fields(cls):
            variable, reader = setting.metadata["variable"], setting.metadata["reader"]
            text = environment.get(variable, "").strip()
            if not text:
                continue
            try:
                values[setting.name] = reader.read(text)
            except ValueError as error:
                given = "its value" if setting.metadata["secret"] else repr(text)
                raise SettingsError(f"{variable}: {given} is not {reader.expected}") from error
        if "token" not in values:
            raise SettingsError("PAGESIGHT_BOT_TOKEN is not set; @BotFather gives a token: docs/telegram.md")
        return cls(**values)
