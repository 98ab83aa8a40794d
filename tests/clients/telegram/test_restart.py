"""The bot ended and killed in the middle: no update is lost, and none is answered twice."""

from pathlib import Path
from typing import Any

from harness.gunicorn_server import listen
from harness.pictures import encode, make_upright
from harness.telegram_api import ANNA, BERND, Pause, TelegramApi, running_telegram
from harness.waiting import wait_until
from tests.clients.telegram.conftest import StartBot

PICTURE = encode(make_upright(), "JPEG")
WEBHOOK = "https://bot.example/telegram"


def person(number: int) -> dict[str, object]:
    """Return somebody. In one chat the bot sends one thing after the other, in different ones at once."""
    return {**ANNA, "id": 2000 + number}


def hold(api: TelegramApi, *methods: str) -> list[Pause]:
    return [api.pause(method, "before") for method in methods]


def wait_for(held: list[Pause]) -> None:
    assert all(one.reached.wait(60) for one in held)


def release(held: list[Pause]) -> None:
    for one in held:
        one.released.set()


def noted(memory: Path) -> int:
    return sum(file.read_text(encoding="utf-8").count('"answered"') for file in memory.glob("*[0-9]"))


def write_many(api: TelegramApi, count: int) -> list[int]:
    return [api.write(by=person(number), **api.photo(PICTURE)) for number in range(count)]


def write_album(api: TelegramApi, name: str, count: int = 3) -> int:
    """Return the number of the part that the answer is to."""
    first, *_ = [api.write(by=BERND, **api.photo(PICTURE), media_group_id=name) for _ in range(count)]
    return first


def assert_each_is_answered_once(api: TelegramApi, numbers: list[int]) -> None:
    for number in numbers:
        api.answer_to(number)
    api.wait_until_confirmed()
    assert [len(api.answers_to(number)) for number in numbers] == [1] * len(numbers)
    assert len(api.sent) == len(numbers)


def test_polling_answers_each_once_whatever_ends_it(api: TelegramApi, start_bot: StartBot, memory: Path):
    bot = start_bot(api, PAGESIGHT_BOT_AT_ONCE="2")
    held = hold(api, "sendPhoto", "sendPhoto", "sendPhoto", "sendMediaGroup")
    numbers = [*write_many(api, 8), write_album(api, "1")]
    wait_for(held)
    wait_until(lambda: noted(memory) == len(numbers) - len(held))  # what can be answered is, and is noted
    assert api.unconfirmed > len(held)
    bot.kill()
    release(held)
    bot.start()
    assert_each_is_answered_once(api, numbers)

    held = hold(api, "sendPhoto", "sendPhoto")
    numbers += write_many(api, 4)
    wait_for(held)
    release(held)  # they fail, and are tried again while the bot ends
    assert bot.terminate() == 0
    assert not api.unconfirmed
    assert_each_is_answered_once(api, numbers)


def test_what_is_killed_between_telegrams_word_and_the_note_of_it_is_answered_again(
    api: TelegramApi, start_bot: StartBot
):
    """The one window there is; docs/telegram.md says so."""
    bot = start_bot(api)
    held = api.pause("sendMessage", "after")
    number = api.write(text="/help")
    assert held.reached.wait(60)
    bot.kill()
    held.released.set()
    bot.start()
    api.wait_until_confirmed()
    assert len(api.answers_to(number)) == 2


def test_webhook_answers_each_once_whatever_ends_it(start_bot: StartBot, memory: Path):
    with listen() as free:
        port = free.getsockname()[1]
    with running_telegram(("127.0.0.1", port)) as api:
        bot = start_bot(api, PAGESIGHT_BOT_WEBHOOK=WEBHOOK, PAGESIGHT_BOT_LISTEN=f"127.0.0.1:{port}")
        held = hold(api, "sendMediaGroup", "sendPhoto")
        numbers = [write_album(api, "1"), *write_many(api, 3)]
        wait_for(held)
        wait_until(lambda: noted(memory) == len(numbers) - len(held))
        bot.kill()
        release(held)
        bot.start()
        assert_each_is_answered_once(api, numbers)
        numbers.append(assert_only_telegram_is_believed(api))

        numbers.append(write_album(api, "2"))
        wait_until(lambda: not api.unconfirmed)  # Telegram has forgotten the album, which waits for more
        assert bot.terminate() == 0
        assert_each_is_answered_once(api, numbers)


def assert_only_telegram_is_believed(api: TelegramApi) -> int:
    """Return the number of the message that was answered."""
    webhook: Any = api.webhook
    known, webhook.secret = webhook.secret, "guessed"
    update = {"update_id": 1, "message": {**next(iter(api.messages.values())), "message_id": 1, "text": "/help"}}
    del update["message"]["photo"], update["message"]["media_group_id"]
    assert not api.post_once(webhook, update)
    assert not api.answers_to(1)
    webhook.secret = known
    assert api.post_once(webhook, update)
    return 1
