"""What people send to the bot, and what they get: a real bot and a real server, and a stand-in for Telegram."""

import io
import re
import shutil
from collections.abc import Iterator

import pytest
from PIL import Image

from harness.gunicorn_server import GunicornServer
from harness.pictures import encode, make_upright
from harness.telegram_api import BERND, BOT, GROUP, NAME, TelegramApi, running_telegram
from harness.telegram_bot import TelegramBot, running_bot
from harness.waiting import wait_until
from tests.clients.telegram.conftest import PAGE, StartBot, folder_in_memory, require_discretion

STRACE = ("strace", "-D", "-f", "--seccomp-bpf", "-e", "trace=open,openat,creat", "-e", "signal=none", "-o")
WRITING = re.compile(r"(O_WRONLY|O_RDWR|creat\().*= [0-9]")
PICTURE = encode(make_upright(height=96, width=128), "JPEG")
MENTION = f"@{NAME}"


@pytest.fixture(scope="module")
def api() -> Iterator[TelegramApi]:
    with running_telegram() as started:
        yield started


@pytest.fixture(scope="module", autouse=True)
def bot(
    api: TelegramApi, small_server: GunicornServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TelegramBot]:
    """One bot for all tests of this file, which leave it as it is. In the end it has written nothing to a disk."""
    opened = tmp_path_factory.mktemp("strace") / "opened"
    launcher = [*STRACE, str(opened)] if shutil.which("strace") else []
    environment = {"PAGESIGHT_BOT_PAGE": PAGE, "PAGESIGHT_BOT_RATE": "1000", "PYTHONDONTWRITEBYTECODE": "1"}
    with folder_in_memory() as memory:
        with running_bot(api, small_server.url, memory, launcher=launcher, **environment) as started:
            yield started
            api.wait_until_confirmed()
            assert api.refused == []
            require_discretion(started)
            assert started.terminate() == 0
        if launcher:
            wait_until(lambda: "+++ exited with 0 +++" in opened.read_text(encoding="utf-8"))
            lines = [line for line in opened.read_text(encoding="utf-8").splitlines() if WRITING.search(line)]
            assert [line for line in lines if str(memory) in line]
            assert not [line for line in lines if str(memory) not in line]


def mention(text: str) -> dict[str, object]:
    return {"type": "mention", "offset": text.index(MENTION), "length": len(MENTION)}


def test_photo_comes_back_drawn_with_what_was_found_and_a_link(api: TelegramApi):
    answer = api.answer_to(api.write(**api.photo(PICTURE)))
    assert answer.method == "sendphoto"
    with Image.open(io.BytesIO(answer.values["photo"])) as drawn:
        assert drawn.size == (128, 96)
    first, *_ = answer.text.splitlines()
    assert first.partition(" \u00d7 ")[2].partition(" (")[0] in ("ant", "bee")
    assert answer.links == [PAGE]


def test_larger_size_of_a_photo_is_looked_at(api: TelegramApi):
    sizes = api.photo(PICTURE)
    sizes["photo"].reverse()
    assert api.answer_to(api.write(**sizes)).method == "sendphoto"


def test_album_is_answered_together_and_in_order(api: TelegramApi):
    widths = (64, 128, 96)
    pictures = [encode(make_upright(height=64, width=width), "JPEG") for width in widths]
    first, *others = [api.write(**api.photo(picture), media_group_id="7") for picture in pictures]
    answer = api.answer_to(first)
    assert answer.method == "sendmediagroup"
    drawn = [Image.open(io.BytesIO(part["content"])).width for part in answer.values["media"]]
    assert drawn == list(widths)
    assert [line[:3] for line in answer.text.splitlines()[:3]] == ["1: ", "2: ", "3: "]
    assert not [other for other in others if api.answers_to(other)]


def test_what_cannot_be_read_of_an_album_is_said_with_the_rest(api: TelegramApi):
    broken = api.document(PICTURE[:200], "photo.jpg", "image/jpeg")
    parts = [api.photo(PICTURE), broken, api.photo(PICTURE)]
    first, *_ = [api.write(**part, media_group_id="8") for part in parts]
    answer = api.answer_to(first)
    assert len(answer.values["media"]) == 2
    assert answer.text.splitlines()[1].startswith("2: This file cannot be used")


@pytest.mark.parametrize(("kind", "mime_type"), [("PNG", "image/png"), ("HEIF", "image/heic"), ("WEBP", "image/webp")])
def test_photo_that_was_sent_as_a_file_is_looked_at(api: TelegramApi, kind: str, mime_type: str):
    file = api.document(encode(make_upright(), kind), f"photo.{kind.lower()}", mime_type)
    assert api.answer_to(api.write(**file)).method == "sendphoto"


def test_picture_that_telegram_does_not_show_as_one_comes_as_a_file(api: TelegramApi):
    panorama = api.document(encode(make_upright(height=16, width=640), "PNG"), "long.png", "image/png")
    assert api.answer_to(api.write(**panorama)).method == "senddocument"


def test_what_is_no_photo_is_told_in_the_senders_language(api: TelegramApi):
    paper = api.document(b"%PDF-1.7", "paper.pdf", "application/pdf")
    assert "neither a photograph nor a video" in api.answer_to(api.write(**paper)).text
    assert "weder ein Foto noch ein Video" in api.answer_to(api.write(by=BERND, **paper)).text
    pretended = api.document(b"%PDF-1.7 and so on", "paper.jpg", "image/jpeg")
    assert "neither a photograph nor a video" in api.answer_to(api.write(**pretended)).text


def test_damaged_photo_is_told(api: TelegramApi):
    assert "damaged" in api.answer_to(api.write(**api.photo(PICTURE[: len(PICTURE) // 2]))).text


def test_file_that_telegram_does_not_give_to_bots_is_told(api: TelegramApi):
    large = api.document(PICTURE, "photo.jpg", "image/jpeg")
    large["document"]["file_size"] = (20 << 20) + 1
    before = api.calls.count("getfile")
    assert "up to 20 MB" in api.answer_to(api.write(**large)).text
    assert api.calls.count("getfile") == before


def test_file_that_is_too_large_for_the_server_is_told(api: TelegramApi):
    large = api.document(PICTURE + bytes(11_000_000), "photo.jpg", "image/jpeg")
    assert "too large for the server" in api.answer_to(api.write(**large)).text


def test_video_is_told_to_be_of_no_use_on_a_server_without_jobs(api: TelegramApi):
    assert "takes no videos" in api.answer_to(api.write(**api.video(b"\0\0\0\x18ftypmp42"))).text


@pytest.mark.parametrize(
    ("text", "english", "german"),
    [
        ("/start", "Send me a photograph", "Schick mir ein Foto"),
        ("/help", "up to 20 MB", "bis 20 MB"),
        ("/privacy", "I keep nothing", "Ich behalte nichts"),
        ("hello", "/help says more", "/help sagt mehr"),
    ],
)
def test_text_is_answered_in_the_senders_language(api: TelegramApi, text: str, english: str, german: str):
    assert english in api.answer_to(api.write(text=text)).text
    assert german in api.answer_to(api.write(text=text, by=BERND)).text


def test_menu_has_the_commands_in_each_language(api: TelegramApi):
    assert {language: [one["command"] for one in menu] for language, menu in api.commands.items()} == {
        None: ["start", "help", "privacy"],
        "de": ["start", "help", "privacy"],
    }


def test_group_is_answered_only_if_it_names_the_bot_or_replies_to_it(api: TelegramApi):
    ignored = api.write(chat=GROUP, **api.photo(PICTURE))
    chatted = api.write(chat=GROUP, text="thanks")
    caption = f"what is this, {MENTION}?"
    named = api.write(chat=GROUP, **api.photo(PICTURE), caption=caption, caption_entities=[mention(caption)])
    answer = api.answer_to(named)
    assert answer.method == "sendphoto"
    asked = api.write(chat=GROUP, text=MENTION, entities=[mention(MENTION)], reply_to=ignored)
    assert api.answer_to(asked).method == "sendphoto"
    own = max(number for number, one in api.messages.items() if (one["from"], one["chat"]) == (BOT, GROUP))
    replied = api.write(chat=GROUP, **api.photo(PICTURE), reply_to=own)
    assert api.answer_to(replied).method == "sendphoto"
    thanked = api.write(chat=GROUP, text="thanks", reply_to=own)
    api.wait_until_confirmed()
    assert not [number for number in (ignored, chatted, thanked) if api.answers_to(number)]


def test_album_in_a_group_is_answered_if_one_of_its_captions_names_the_bot(api: TelegramApi):
    named = {"caption": MENTION, "caption_entities": [mention(MENTION)]}
    first = api.write(chat=GROUP, **api.photo(PICTURE), media_group_id="9")
    api.write(chat=GROUP, **api.photo(PICTURE), media_group_id="9", **named)
    assert api.answer_to(first).method == "sendmediagroup"


def test_chat_that_is_to_be_left_alone_is_answered_later(api: TelegramApi):
    api.flood(BERND["id"], 1.5)
    numbers = [api.write(by=BERND, text="/help") for _ in range(3)]
    others = api.answer_to(api.write(text="/help"))
    answers = [api.answer_to(number) for number in numbers]
    assert all(answer.at > others.at for answer in answers)
    api.refused[:] = [one for one in api.refused if "Too Many Requests" not in one]


def test_more_than_the_rate_is_told_once_and_an_absent_server_each_time(start_bot: StartBot):
    with running_telegram() as own:
        start_bot(own, "http://127.0.0.1:9", PAGESIGHT_BOT_PATIENCE="0", PAGESIGHT_BOT_RATE="3")
        numbers = [own.write(**own.photo(PICTURE)) for _ in range(12)]
        own.wait_until_confirmed()
        texts = [sent.text for number in numbers for sent in own.answers_to(number)]
        assert ["cannot be reached" in text for text in texts] == [True] * 3 + [False]
        assert "I look at more in" in texts[3]
        assert "nicht zu erreichen" in own.answer_to(own.write(by=BERND, **own.photo(PICTURE))).text
