"""`python -m clients.telegram`."""

import asyncio
import logging
import sys
from pathlib import Path
from typing import NoReturn

sys.path.append(str(Path(__file__).parents[1] / "python"))  # the package `pagesight`, where it is not installed

WRONG_SETTINGS = 78  # EX_CONFIG: to start it again would change nothing


def main() -> None:
    """Run the bot until a signal comes."""
    from clients.telegram.settings import Settings, SettingsError

    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        give_up(str(error))
    try:
        from aiogram.exceptions import TelegramNotFound, TelegramUnauthorizedError

        from clients.telegram.logs import place_of, start_log
        from clients.telegram.memory import ForeignFile, Memory
        from clients.telegram.run import run
    except ModuleNotFoundError as error:
        give_up(f"the package {error.name} is not installed; `make telegram-setup` installs it")
    start_log(settings.log_level, [secret for secret in (settings.token, settings.key) if secret])
    if settings.memory is None:
        logging.warning("No memory is set: a bot that is killed may answer twice what it has just answered")
    name = f"pagesight-telegram-{settings.token.partition(':')[0]}"
    try:
        memory = Memory(settings.memory / name if settings.memory else None)
    except (ForeignFile, OSError) as error:
        give_up(f"PAGESIGHT_BOT_MEMORY: {error}")
    try:
        asyncio.run(run(settings, memory))
    except (TelegramUnauthorizedError, TelegramNotFound):
        give_up("PAGESIGHT_BOT_TOKEN: Telegram does not know this token; @BotFather gives a new one")
    except Exception as error:  # noqa: BLE001, it is told without what may be somebody's words
        logging.error("The bot ended: %s", place_of(error))
        sys.exit(1)
    finally:
        memory.close()


def give_up(why: str) -> NoReturn:
    """Say why there is no bot, and end."""
    sys.stderr.write(f"Pagesight's Telegram bot does not start: {why}\n")
    sys.exit(WRONG_SETTINGS)


if __name__ == "__main__":
    main()
