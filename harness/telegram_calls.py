"""What Telegram's API takes in the calls that a bot makes: https://core.telegram.org/bots/api.

Stricter than Telegram, which ignores a parameter that it does not know.
"""

import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from PIL import Image

from harness.videos import av

ACTIONS = (
    *("typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document"),
    *("choose_sticker", "find_location", "record_video_note", "upload_video_note"),
)
UPDATES = ("message", "edited_message", "channel_post", "callback_query", "inline_query", "my_chat_member")
MOST_TEXT, MOST_CAPTION = 4096, 1024  # UTF-16 code units
MOST_PHOTO_BYTES, MOST_FILE_BYTES = 10_000_000, 50_000_000
Files = Mapping[str, bytes]
Check = Callable[[str, "Call"], Any]


class Refused(Exception):
    """The API says no."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


@dataclass(frozen=True)
class Call:
    """A call as it came: a method, texts by the names of the parameters, and what was uploaded."""

    method: str
    texts: Mapping[str, str]
    files: Files


def bad(description: str) -> Refused:
    return Refused(400, f"Bad Request: {description}")


def read(call: Call) -> dict[str, Any]:
    """Return the parameters with their values. Raises Refused."""
    known = PARAMETERS[call.method]
    for name in known:
        if name.startswith("!") and name[1:] not in call.texts:
            raise bad(f"{name[1:]} is empty")
    values = {}
    for name, text in call.texts.items():
        check = known.get(name) or known.get(f"!{name}")
        if check is None:
            raise bad(f"{call.method} has no parameter {name}")
        values[name] = check(text, call)
    _check_entities(values)
    return values


def whole(lowest: int, highest: int) -> Check:
    def check(text: str, _call: Call) -> int:
        if not re.fullmatch(r"-?\d+", text) or not lowest <= int(text) <= highest:
            raise bad(f"{text} is no whole number from {lowest} to {highest}")
        return int(text)

    return check


def truth(text: str, _call: Call) -> bool:
    if text.lower() not in ("true", "false"):
        raise bad(f"{text} is no boolean")
    return text.lower() == "true"


def words(most: int) -> Check:
    def check(text: str, _call: Call) -> str:
        if not text.strip():
            raise bad("message text is empty")
        if utf16(text) > most:
            raise bad("message caption is too long" if most == MOST_CAPTION else "message is too long")
        return text

    return check


def one_of(*known: str) -> Check:
    def check(text: str, _call: Call) -> str:
        if text not in known:
            raise bad(f"wrong parameter {text}")
        return text

    return check


def matching(pattern: str, complaint: str) -> Check:
    def check(text: str, _call: Call) -> str:
        if not re.fullmatch(pattern, text):
            raise bad(complaint)
        return text

    return check


def from_json(text: str, _call: Call) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise bad("can't parse JSON") from error


def update_kinds(text: str, call: Call) -> list[str]:
    kinds = from_json(text, call)
    if not isinstance(kinds, list) or not set(kinds) <= set(UPDATES):
        raise bad("can't parse allowed updates")
    return kinds


def https_url(text: str, _call: Call) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme != "https" or parts.port not in (None, 80, 88, 443, 8443)):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    return text


def commands(text: str, call: Call) -> list[dict[str, str]]:
    given = from_json(text, call)
    for one in given:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", one["command"]) or not 1 <= len(one["description"]) <= 256:
            raise bad("BOT_COMMAND_INVALID")
    if len(given) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    return given


def reply(text: str, call: Call) -> dict[str, Any]:
    given = from_json(text, call)
    if not isinstance(given.get("message_id"), int):
        raise bad("can't parse reply parameters")
    return given


def photo(text: str, call: Call) -> bytes:
    content = uploaded(text, call)
    if len(content) > MOST_PHOTO_BYTES:
        raise bad("file of size is too big for a photo; the maximum size is 10485760 bytes")
    try:
        with Image.open(io.BytesIO(content)) as image:
            image.verify()
            width, height = image.size
    except OSError as error:
        raise bad("IMAGE_PROCESS_FAILED") from error
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad("PHOTO_INVALID_DIMENSIONS")
    return content


def video(text: str, call: Call) -> bytes:
    content = uploaded(text, call)
    with av.open(io.BytesIO(content)) as opened:
        assert opened.streams.video, "it has no picture"
    return content


def uploaded(text: str, call: Call) -> bytes:
    if not text.startswith("attach://") or text.removeprefix("attach://") not in call.files:
        raise bad("wrong file identifier/HTTP URL specified")
    content = call.files[text.removeprefix("attach://")]
    if len(content) > MOST_FILE_BYTES:
        raise Refused(413, "Request Entity Too Large")
    return content


def media(text: str, call: Call) -> list[dict[str, Any]]:
    given = from_json(text, call)
    if not 2 <= len(given) <= 10:
        raise bad("the album must have from 2 to 10 parts")
    kinds = {"photo": photo, "video": video}
    known = {"type", "media", "caption", "caption_entities", "duration", "supports_streaming", "parse_mode"}
    for one in given:
        if not set(one) <= known | {"show_caption_above_media", "has_spoiler"}:
            raise bad(f"a part of an album has no {set(one) - known}")
        one["content"] = kinds[one["type"]](one["media"], call)
        words(MOST_CAPTION)(one.get("caption", "-"), call)
        _check_entities(one)
    return given


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _check_entities(values: Mapping[str, Any]) -> None:
    for of, name in (("text", "entities"), ("caption", "caption_entities")):
        for entity in values.get(name) or ():
            end = entity["offset"] + entity["length"]
            if entity["offset"] < 0 or entity["length"] < 1 or end > utf16(values.get(of, "")):
                raise bad("ENTITY_BOUNDS_INVALID")
            if entity["type"] == "text_link" and urlsplit(entity["url"]).scheme not in ("http", "https"):
                raise bad("ENTITY_URL_INVALID")


ANY = 2**53
PLACE: dict[str, Check] = {"!chat_id": whole(-ANY, ANY), "message_thread_id": whole(1, ANY)}
SENDING: dict[str, Check] = {**PLACE, "reply_parameters": reply}
CAPTION: dict[str, Check] = {"caption": words(MOST_CAPTION), "caption_entities": from_json}
# By the lower-case name, as Telegram knows methods; "!" is before what has to be there.
PARAMETERS: dict[str, dict[str, Check]] = {
    "getme": {},
    "getupdates": {
        "offset": whole(-(2**31), 2**31 - 1),
        "limit": whole(1, 100),
        "timeout": whole(0, 50),
        "allowed_updates": update_kinds,
    },
    "setwebhook": {
        "!url": https_url,
        "secret_token": matching(r"[A-Za-z0-9_-]{1,256}", "secret token contains unallowed characters"),
        "max_connections": whole(1, 100),
        "allowed_updates": update_kinds,
        "drop_pending_updates": truth,
    },
    "deletewebhook": {"drop_pending_updates": truth},
    "setmycommands": {"!commands": commands, "language_code": matching(r"[a-z]{2}", "LANG_CODE_INVALID")},
    "getfile": {"!file_id": words(MOST_TEXT)},
    "sendchataction": {**PLACE, "!action": one_of(*ACTIONS)},
    "sendmessage": {**SENDING, "!text": words(MOST_TEXT), "entities": from_json},
    "sendphoto": {**SENDING, **CAPTION, "!photo": photo},
    "senddocument": {**SENDING, **CAPTION, "!document": uploaded},
    "sendvideo": {
        **SENDING,
        **CAPTION,
        "!video": video,
        "duration": whole(0, 86_400),
        "supports_streaming": truth,
    },
    "sendmediagroup": {**SENDING, "!media": media},
}
