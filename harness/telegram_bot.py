"""The Telegram bot as a process of its own, as its owner runs it. It may be ended, killed and started again."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from harness.gunicorn_server import PROJECT
from harness.telegram_api import TOKEN, TelegramApi

STOP_LIMIT_S = 40
COMMAND = (sys.executable, "-m", "clients.telegram")


class TelegramBot:
    """One bot. All that it says is in `log`."""

    def __init__(
        self,
        api: TelegramApi,
        server: str,
        memory: Path | None = None,
        *,
        launcher: Sequence[str] = (),
        **environment: str,
    ) -> None:
        self._command = [*launcher, *COMMAND]
        self._log = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115, closed in close()
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith("PAGESIGHT_")}
        self._environment |= {"PAGESIGHT_BOT_TOKEN": TOKEN, "PAGESIGHT_BOT_API": api.url, "PAGESIGHT_SERVER": server}
        self._environment |= {"PAGESIGHT_BOT_MEMORY": str(memory) if memory else "off", **environment}
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._command, cwd=PROJECT, env=self._environment, stdout=self._log, stderr=self._log, text=True
        )

    @property
    def pid(self) -> int:
        assert self._process is not None, "the bot does not run"
        return self._process.pid

    def terminate(self) -> int:
        """End it as systemd does; return its status."""
        assert self._process is not None, "the bot does not run"
        self._process.terminate()
        return self.wait()

    def kill(self) -> None:
        """End it as a lack of memory would."""
        assert self._process is not None, "the bot does not run"
        self._process.kill()
        self.wait()

    def wait(self) -> int:
        assert self._process is not None, "the bot does not run"
        status = self._process.wait(STOP_LIMIT_S)
        self._process = None
        return status

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def log(self) -> str:
        position = os.fstat(self._log.fileno()).st_size
        return os.pread(self._log.fileno(), position, 0).decode("utf-8", "replace")


@contextmanager
def running_bot(
    api: TelegramApi, server: str, memory: Path | None = None, *, launcher: Sequence[str] = (), **environment: str
) -> Iterator[TelegramBot]:
    bot = TelegramBot(api, server, memory, launcher=launcher, **environment)
    try:
        bot.start()
        yield bot
    finally:
        bot.close()
