"""The bot's settings: a bad one stops the start with one line, and the document says the same as the code."""

import dataclasses
import re
import subprocess
import sys
from pathlib import Path

import pytest

from clients.telegram.memory import Memory, is_in_memory
from clients.telegram.settings import Settings, SettingsError
from harness.gunicorn_server import PROJECT
from harness.telegram_api import TOKEN, TelegramApi
from harness.telegram_bot import TelegramBot, running_bot
from harness.waiting import wait_until

BAD_VALUES = [
    *[("PAGESIGHT_BOT_TOKEN", value) for value in ("token", "1:short", f"{TOKEN} ?", "abc:" + "a" * 40)],
    *[("PAGESIGHT_KEY", value) for value in ("two words", "schlüssel")],
    *[("PAGESIGHT_SERVER", value) for value in ("detector.example.org", "ftp://a", "http://", "http://a/?b")],
    *[("PAGESIGHT_BOT_PAGE", value) for value in ("you.example", "https://a/#b")],
    *[("PAGESIGHT_BOT_RATE", value) for value in ("0", "1001", "many")],
    *[("PAGESIGHT_BOT_AT_ONCE", value) for value in ("0", "65")],
    *[("PAGESIGHT_BOT_PATIENCE", value) for value in ("-1", "nan")],
    *[("PAGESIGHT_BOT_WEBHOOK", value) for value in ("http://a/b", "https://a", "https://a:81/b", "https://a/")],
    *[("PAGESIGHT_BOT_LISTEN", value) for value in ("8081", "127.0.0.1:", "127.0.0.1:0", ":80")],
    *[("PAGESIGHT_BOT_MEMORY", value) for value in ("/nowhere", "on", "/proc")],
    ("PAGESIGHT_LOG_LEVEL", "loud"),
]


@pytest.mark.parametrize(("variable", "value"), BAD_VALUES)
def test_bad_value_names_its_variable_and_what_is_expected(variable: str, value: str):
    environment = {"PAGESIGHT_BOT_TOKEN": TOKEN, variable: value}
    with pytest.raises(SettingsError, match=rf"^{variable}: .+ is not .+") as refused:
        Settings.from_environment(environment)
    assert ("'" in str(refused.value)) == (variable not in ("PAGESIGHT_BOT_TOKEN", "PAGESIGHT_KEY"))


def test_secrets_are_in_no_text_of_the_settings():
    settings = Settings.from_environment({"PAGESIGHT_BOT_TOKEN": TOKEN, "PAGESIGHT_KEY": "frigate-key"})
    assert TOKEN not in repr(settings)
    assert "frigate-key" not in repr(settings)


@pytest.mark.parametrize("token", ["", "123:nonsense"])
def test_start_without_a_token_ends_with_one_line(token: str):
    done = subprocess.run(
        [sys.executable, "-m", "clients.telegram"],
        cwd=PROJECT,
        env={"PATH": "/usr/bin", "PAGESIGHT_BOT_TOKEN": token},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 78
    assert re.fullmatch(r"Pagesight's Telegram bot does not start: PAGESIGHT_BOT_TOKEN.*\n", done.stderr)
    assert not token or token not in done.stderr


def test_token_that_telegram_does_not_know_ends_with_one_line(api: TelegramApi):
    with running_bot(api, "http://127.0.0.1:9", PAGESIGHT_BOT_TOKEN=TOKEN[:-1] + "1") as bot:
        assert bot.wait() == 78
        assert "Telegram does not know this token" in bot.log().splitlines()[-1]
        assert TOKEN[:-1] not in bot.log()


def test_end_is_not_waited_for_while_telegram_is_away(api: TelegramApi):
    bot = TelegramBot(api, "http://127.0.0.1:9", PAGESIGHT_BOT_API="http://127.0.0.1:9")
    try:
        bot.start()
        wait_until(lambda: "again in" in bot.log())
        assert bot.terminate() == 0
        assert TOKEN not in bot.log()
    finally:
        bot.close()


def test_document_has_each_setting_as_the_code_has_it():
    text = (PROJECT / "docs" / "telegram.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(PAGESIGHT_\w+)` \| (.*?) \| (.*) \|$", text, re.MULTILINE)
    own = [(setting.metadata["variable"], setting.metadata["docs"]) for setting in dataclasses.fields(Settings)]
    assert [(variable, docs) for variable, _, docs in rows] == own


def test_folder_on_a_disk_is_not_in_memory():
    assert not is_in_memory(Path("/proc"))


def test_memory_outlives_its_process(memory: Path):
    first = Memory(memory / "notes")
    first.take({"update_id": 7, "message": {"text": "ä"}})
    first.take({"update_id": 8})
    first.mark_answered([5, 8])
    with (memory / "notes").open("a") as notes:
        notes.write('{"answered":[6],"a')  # the machine went down
    second = Memory(memory / "notes")
    assert [second.is_answered(number) for number in (5, 6, 7, 8)] == [True, False, False, True]
    assert second.taken() == [{"update_id": 7, "message": {"text": "ä"}}]
    assert [file.name for file in memory.iterdir()] == ["notes"]
    for one in (first, second):
        one.close()


def test_memory_stays_small(memory: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("clients.telegram.memory.MOST_ANSWERED", 100)
    monkeypatch.setattr("clients.telegram.memory.MOST_BYTES", 10_000)
    notes = Memory(memory / "notes")
    for number in range(2000):
        notes.take({"update_id": number})
        notes.mark_answered([number])
    assert (memory / "notes").stat().st_size <= 11_000
    assert notes.is_answered(1999)
    assert not notes.is_answered(1)
    notes.close()


def test_memory_follows_no_link(memory: Path):
    (memory / "notes").symlink_to(PROJECT / "README.md")
    with pytest.raises(OSError):  # noqa: PT011
        Memory(memory / "notes")
