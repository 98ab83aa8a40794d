"""The bot ended and killed in the middle: no update is lost, and none is answered twice."""

import shutil
from pathlib import Path

import pytest

from harness.gunicorn_server import GunicornServer, listen
from harness.pictures import encode, make_upright
from harness.telegram_api import ANNA, BERND, Pause, TelegramApi, running_telegram
from harness.telegram_bot import TelegramBot, running_bot
from harness.waiting import wait_until
from tests.clients.telegram.conftest import StartBot

PICTURE = encode(make_upright(), "JPEG")
WEBHOOK = "https://bot.example/telegram"
STRACE = ("strace", "-f", "--seccomp-bpf", "-e", "trace=open,openat,creat", "-e", "signal=none", "-o")


def notes_in(memory: Path) -> int:
    return sum(file.read_text(encoding="utf-8").count('"answered"') for file in memory.glob("*[0-9]"))


def people(number: int) -> dict[str, object]:
    """Return somebody: Telegram is written to in one chat after the other, and in different ones at once."""
    return {**ANNA, "id": 2000 + number}


def release(held: list[Pause]) -> None:
    for one in held:
        one.released.set()


def assert_each_is_answered_once(api: TelegramApi, numbers: list[int]) -> None:
    api.wait_until_confirmed()
    assert [len(api.answers_to(number)) for number in numbers] == [1] * len(numbers)


@pytest.mark.parametrize("end", [TelegramBot.terminate, TelegramBot.kill])
def test_restart_in_the_middle_of_many(api: TelegramApi, start_bot: StartBot, end, memory: Path):
    bot = start_bot(api, PAGESIGHT_BOT_AT_ONCE="2", PAGESIGHT_BOT_RATE="1000")
    held = [api.pause("sendPhoto", "before") for _ in range(3)]
    numbers = [api.write(by=people(number), **api.photo(PICTURE)) for number in range(12)]
    assert all(one.reached.wait(60) for one in held)
    wait_until(lambda: notes_in(memory) == 12 - len(held))  # all that can be answered is, and is noted
    assert api.unconfirmed > len(held)
    if end is TelegramBot.terminate:
        release(held)
    end(bot)
    release(held)
    numbers += [api.write(by=BERND, **api.photo(PICTURE)) for _ in range(2)]
    bot.start()
    assert_each_is_answered_once(api, numbers)


def test_what_is_worked_on_when_the_bot_is_ended_is_answered_before_it_ends(api: TelegramApi, start_bot: StartBot):
    bot = start_bot(api)
    held = api.pause("sendPhoto", "before")
    number = api.write(**api.photo(PICTURE))
    assert held.reached.wait(60)
    held.released.set()  # it fails once, and is made again
    assert bot.terminate() == 0
    assert len(api.answers_to(number)) == 1
    assert not api.unconfirmed


def test_killed_in_the_middle_of_an_album_it_is_answered_once(api: TelegramApi, start_bot: StartBot):
    bot = start_bot(api)
    held = api.pause("sendMediaGroup", "before")
    numbers = [api.write(**api.photo(PICTURE), media_group_id="1") for _ in range(3)]
    assert held.reached.wait(60)
    bot.kill()
    held.released.set()
    bot.start()
    assert_each_is_answered_once(api, numbers[:1])
    assert len(api.sent) == 1


def test_what_is_killed_between_telegrams_word_and_the_note_of_it_is_answered_again(
    api: TelegramApi, start_bot: StartBot
):
    """The one window there is; docs/telegram.md says so."""
    bot = start_bot(api)
    held = api.pause("sendPhoto", "after")
    number = api.write(**api.photo(PICTURE))
    assert held.reached.wait(60)
    bot.kill()
    held.released.set()
    bot.start()
    api.wait_until_confirmed()
    assert len(api.answers_to(number)) == 2


@pytest.mark.parametrize("end", [TelegramBot.terminate, TelegramBot.kill])
def test_webhook_answers_each_once_over_a_restart(start_bot: StartBot, end, memory: Path):
    with listen() as free:
        port = free.getsockname()[1]
    with running_telegram(("127.0.0.1", port)) as api:
        where = {"PAGESIGHT_BOT_WEBHOOK": WEBHOOK, "PAGESIGHT_BOT_LISTEN": f"127.0.0.1:{port}"}
        bot = start_bot(api, **where)
        answered = api.write(**api.photo(PICTURE))
        api.answer_to(answered)
        held = api.pause("sendMediaGroup", "before")
        album = [api.write(**api.photo(PICTURE), media_group_id="1") for _ in range(3)]
        other = api.write(by=BERND, text="/help")
        assert held.reached.wait(60)
        wait_until(lambda: notes_in(memory) == 2)
        if end is TelegramBot.terminate:
            held.released.set()
        end(bot)
        held.released.set()
        late = api.write(**api.photo(PICTURE))
        bot.start()
        assert_each_is_answered_once(api, [answered, album[0], other, late])
        assert len(api.sent) == 4


def test_webhook_believes_only_who_knows_its_secret(start_bot: StartBot):
    with listen() as free:
        port = free.getsockname()[1]
    with running_telegram(("127.0.0.1", port)) as api:
        start_bot(api, PAGESIGHT_BOT_WEBHOOK=WEBHOOK, PAGESIGHT_BOT_LISTEN=f"127.0.0.1:{port}")
        api.answer_to(api.write(text="/help"))
        assert api.webhook is not None
        api.webhook.secret = "guessed"  # noqa: S105
        update = {"update_id": 1, "message": api.messages[api.write(text="/start")]}
        assert not api.post_once(api.webhook, update)
        assert len(api.sent) == 1


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed here")
def test_nothing_is_written_to_a_disk(api: TelegramApi, small_server: GunicornServer, memory: Path, tmp_path: Path):
    notes = tmp_path / "opened"
    launcher = [*STRACE, str(notes)]
    with running_bot(api, small_server.url, memory, launcher=launcher, PYTHONDONTWRITEBYTECODE="1") as bot:
        api.answer_to(api.write(**api.photo(PICTURE)))
        first, *_ = [api.write(**api.photo(PICTURE), media_group_id="1") for _ in range(2)]
        api.answer_to(first)
        bot.terminate()
    opened = [line for line in notes.read_text(encoding="utf-8").splitlines() if "O_WRONLY" in line or "O_RDWR" in line]
    assert [line for line in opened if str(memory) in line]
    assert not [line for line in opened if str(memory) not in line and '"/dev/' not in line and " = -1 " not in line]
