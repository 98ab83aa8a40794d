"""A stand-in for Telegram's HTTP API, as strict as its contract: https://core.telegram.org/bots/api.

What the contract leaves open is as in Telegram's own server (https://github.com/tdlib/telegram-bot-api): who asks for
the same updates again within 0.5 s gets one, and the updates of one chat go to a webhook one after the other.
A test is the user: it writes messages, and sees what the bot has sent.
"""

import http.client
import json
import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, request
from werkzeug.serving import make_server

from harness.telegram_calls import PARAMETERS, Call, Refused, bad, read
from harness.waiting import wait_until

TOKEN = "123456789:AAE-a_token_as_BotFather_gives_it00"  # noqa: S105, of nobody
NAME = "pagesight_bot"
BOT = {"id": 123456789, "is_bot": True, "first_name": "Pagesight", "username": NAME}
ANNA = {"id": 1001, "is_bot": False, "first_name": "Anna", "language_code": "en"}
BERND = {"id": 1002, "is_bot": False, "first_name": "Bernd", "language_code": "de-AT"}
GROUP = {"id": -2001, "type": "supergroup", "title": "Friends"}
MOST_DOWNLOAD_BYTES = 20 << 20
SAME_S, SAME_LONG_S = 0.5, 3.0
RESEND_S = 0.3  # Telegram begins with a second
Message = dict[str, Any]

logging.getLogger("werkzeug").setLevel(logging.ERROR)


@dataclass(frozen=True)
class Sent:
    """What the bot has sent, in one call. `values` are the parameters as they were read."""

    method: str
    values: Mapping[str, Any]
    at: float

    @property
    def chat_id(self) -> int:
        return int(self.values["chat_id"])

    @property
    def text(self) -> str:
        parts = self.values.get("media", [self.values])
        return next((one[name] for one in parts for name in ("text", "caption") if name in one), "")

    @property
    def reply_to(self) -> int:
        return int(self.values["reply_parameters"]["message_id"])

    @property
    def links(self) -> list[str]:
        parts = self.values.get("media", [self.values])
        entities = [one for part in parts for name in ("entities", "caption_entities") for one in part.get(name) or ()]
        return [entity["url"] for entity in entities if entity["type"] == "text_link"]


@dataclass
class Pause:
    """A call that is held up until the test says so. `reached` is set when the call is there."""

    method: str
    when: str
    reached: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)


@dataclass
class _Webhook:
    path: str
    secret: str
    most: int
    under_way: set[int] = field(default_factory=set)


class TelegramApi:
    """One bot's API at `url`. A webhook's address stands for a proxy that passes on to `upstream` (host, port)."""

    def __init__(self, upstream: tuple[str, int] = ("127.0.0.1", 0)) -> None:
        self.sent: list[Sent] = []
        self.calls: list[str] = []
        self.refused: list[str] = []  # what the bot should not have called
        self.commands: dict[str | None, list[dict[str, str]]] = {}
        self.upstream = upstream
        self._changed = threading.Condition()
        self._updates: dict[int, dict[str, Any]] = {}
        self._files: dict[str, bytes] = {}
        self.messages: dict[int, Message] = {}
        self._next_update, self._next_message = 5001, 11
        self._polls = 0
        self._asked: tuple[int, float] = (0, -100.0)
        self._pauses: list[Pause] = []
        self._floods: dict[int, float] = {}
        self._told: set[int] = set()
        self.webhook: _Webhook | None = None
        self._ended = False
        self._server = make_server("127.0.0.1", 0, self._application(), threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._threads = [threading.Thread(target=self._server.serve_forever), threading.Thread(target=self._deliver)]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        with self._changed:
            self._ended = True
            self._changed.notify_all()
        for pause in self._pauses:
            pause.released.set()
        self._server.shutdown()
        for thread in self._threads:
            thread.join()
        self._server.server_close()

    # What users do.

    def write(self, *, by: Mapping[str, Any] = ANNA, chat: Mapping[str, Any] | None = None, **content: Any) -> int:
        """Write a message; return its number."""
        with self._changed:
            number, self._next_message = self._next_message, self._next_message + 1
            where = chat or {"id": by["id"], "type": "private", "first_name": by["first_name"]}
            message = {"message_id": number, "date": int(time.time()), "chat": where, "from": by, **content}
            if "reply_to" in content:
                message["reply_to_message"] = self.messages[message.pop("reply_to")]
            self.messages[number] = message
            self._updates[self._next_update] = {"update_id": self._next_update, "message": message}
            self._next_update += 1
            self._changed.notify_all()
            return number

    def file(self, content: bytes, **about: Any) -> dict[str, Any]:
        """Upload a file; return what a message says of it."""
        with self._changed:
            name = f"file{len(self._files)}"
            self._files[name] = content
        return {"file_id": name, "file_unique_id": f"u-{name}", "file_size": len(content), **about}

    def photo(self, content: bytes) -> dict[str, Any]:
        """Return a photograph as part of a message: in two sizes, of which the larger one has the content."""
        small = self.file(b"too small", width=32, height=32)
        return {"photo": [small, self.file(content, width=640, height=480)]}

    def document(self, content: bytes, name: str, mime_type: str) -> dict[str, Any]:
        return {"document": self.file(content, file_name=name, mime_type=mime_type)}

    def video(self, content: bytes) -> dict[str, Any]:
        about = {"width": 160, "height": 96, "duration": 1, "mime_type": "video/mp4"}
        return {"video": self.file(content, **about)}

    def animation(self, content: bytes) -> dict[str, Any]:
        animation = self.video(content)["video"]
        return {"animation": animation, "document": {**animation, "file_name": "animation.mp4"}}

    def pause(self, method: str, when: str) -> Pause:
        """Hold up the next call of a method, "before" or "after" it is carried out."""
        pause = Pause(method.lower(), when)
        self._pauses.append(pause)
        return pause

    def flood(self, chat_id: int, seconds: float) -> None:
        """Have a chat left alone for so long."""
        self._floods[chat_id] = time.monotonic() + seconds

    # What users see.

    def answers_to(self, number: int) -> list[Sent]:
        with self._changed:
            return [sent for sent in self.sent if "reply_parameters" in sent.values and sent.reply_to == number]

    def answer_to(self, number: int, *, limit_s: float = 60.0) -> Sent:
        """Wait for the answer to a message."""
        wait_until(lambda: self.answers_to(number), lambda: f"no answer to {number}: {self.refused}", limit_s=limit_s)
        (sent,) = self.answers_to(number)
        return sent

    def wait_until_confirmed(self, *, limit_s: float = 60.0) -> None:
        """Wait until Telegram has no update left."""
        wait_until(lambda: not self._updates, lambda: f"left: {sorted(self._updates)}", limit_s=limit_s)

    @property
    def unconfirmed(self) -> int:
        return len(self._updates)

    # What the bot is told.

    def _application(self) -> Flask:
        application = Flask("telegram")

        @application.route("/bot<token>/<method>", methods=["GET", "POST"])
        def call(token: str, method: str) -> tuple[Response, int]:
            try:
                result = self._call(token, method.lower())
                return jsonify(ok=True, result=result), 200
            except Refused as no:
                with self._changed:
                    self.refused.append(f"{method}: {no.description}")
                body: dict[str, Any] = {"ok": False, "error_code": no.code, "description": no.description}
                return jsonify(**body, **({"parameters": no.parameters} if no.parameters else {})), no.code

        @application.get("/file/bot<token>/<path:path>")
        def download(token: str, path: str) -> tuple[Response, int]:
            content = self._files.get(path.rpartition("/")[2]) if token == TOKEN else None
            return (Response(content), 200) if content is not None else (Response("Not Found"), 404)

        return application

    def _call(self, token: str, method: str) -> Any:
        if token != TOKEN:
            raise Refused(401, "Unauthorized")
        if method not in PARAMETERS:
            raise Refused(404, "Not Found: method not found")
        files = {name: upload.read() for name, upload in request.files.items()}
        values = read(Call(method, request.values.to_dict(), files))
        self._hold(method, "before")
        is_sending = method.startswith("send")
        result = self._send(method, values) if is_sending else getattr(self, f"_{method}")(**values)
        self._hold(method, "after")
        with self._changed:
            self.calls.append(method)
        return result

    def _hold(self, method: str, when: str) -> None:
        pause = next((one for one in self._pauses if (one.method, one.when) == (method, when)), None)
        if pause:
            self._pauses.remove(pause)
            pause.reached.set()
            pause.released.wait()
            if when == "before":
                raise Refused(500, "Internal Server Error: restart")  # whoever had called is gone

    def _send(self, method: str, values: dict[str, Any]) -> Any:
        chat_id = values["chat_id"]
        with self._changed:
            if all(message["chat"]["id"] != chat_id for message in self.messages.values()):
                raise bad("chat not found")
            if (left_s := self._floods.get(chat_id, 0) - time.monotonic()) > 0:
                if chat_id in self._told and method != "sendchataction":
                    self.refused.append("the chat was to be left alone")
                self._told.add(chat_id)
                seconds = int(left_s) + 1
                raise Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
            if method == "sendchataction":
                return True
            replied = values.get("reply_parameters")
            if (
                replied
                and replied["message_id"] not in self.messages
                and not replied.get("allow_sending_without_reply")
            ):
                raise bad("message to be replied not found")
            self.sent.append(Sent(method, values, time.monotonic()))
            messages = [self._message(chat_id) for _ in values.get("media", [None])]
            self._changed.notify_all()
            return messages if method == "sendmediagroup" else messages[0]

    def _message(self, chat_id: int) -> Message:
        number, self._next_message = self._next_message, self._next_message + 1
        chat = next(message["chat"] for message in self.messages.values() if message["chat"]["id"] == chat_id)
        self.messages[number] = {"message_id": number, "date": int(time.time()), "chat": chat, "from": BOT}
        return self.messages[number]

    def _getme(self) -> dict[str, Any]:
        return {**BOT, "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}

    def _getupdates(
        self, offset: int = 0, limit: int = 100, timeout: int = 0, allowed_updates: list[str] | None = None
    ) -> list[dict[str, Any]]:
        with self._changed:
            if self.webhook:
                raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
            now = time.monotonic()
            before, at = self._asked
            if offset == before and timeout < SAME_LONG_S and now < at + SAME_LONG_S:
                timeout = int(SAME_LONG_S)
            if offset == before and now < at + SAME_S:
                limit = 1
            self._asked = (offset, now)
            if offset < 0:
                for update_id in sorted(self._updates)[:offset]:
                    del self._updates[update_id]
            for update_id in [one for one in self._updates if one < offset]:
                del self._updates[update_id]
            self._polls += 1
            mine = self._polls
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._updates or self._polls != mine or self._ended, timeout)
            if self._polls != mine:
                raise Refused(409, "Conflict: terminated by other getUpdates request")
            return [self._updates[update_id] for update_id in sorted(self._updates)[:limit]]

    def _setwebhook(self, url: str, secret_token: str = "", max_connections: int = 40, **_: Any) -> bool:
        with self._changed:
            self.webhook = _Webhook(urlsplit(url).path, secret_token, max_connections) if url else None
            self._changed.notify_all()
        return True

    def _deletewebhook(self, drop_pending_updates: bool = False) -> bool:
        with self._changed:
            self.webhook = None
            if drop_pending_updates:
                self._updates.clear()
        return True

    def _setmycommands(self, commands: list[dict[str, str]], language_code: str | None = None) -> bool:
        self.commands[language_code] = commands
        return True

    def _getfile(self, file_id: str) -> dict[str, Any]:
        content = self._files.get(file_id)
        if content is None:
            raise bad("invalid file_id")
        if len(content) > MOST_DOWNLOAD_BYTES:
            raise bad("file is too big")
        return {"file_id": file_id, "file_unique_id": f"u-{file_id}", "file_path": f"files/{file_id}"}

    # How a webhook is told.

    def _deliver(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._ended or self._next_to_deliver() is not None)
                if self._ended:
                    return
                update_id = self._next_to_deliver()
                webhook = self.webhook
                assert update_id is not None
                assert webhook is not None
                webhook.under_way.add(update_id)
            threading.Thread(target=self._post, args=(webhook, update_id), daemon=True).start()

    def _next_to_deliver(self) -> int | None:
        """Return the first update of a chat of which none is under way."""
        if not self.webhook or len(self.webhook.under_way) >= self.webhook.most:
            return None
        chats = {self._updates[one]["message"]["chat"]["id"] for one in self.webhook.under_way if one in self._updates}
        return next((one for one in sorted(self._updates) if self._chat_of(one) not in chats), None)

    def _chat_of(self, update_id: int) -> int:
        return int(self._updates[update_id]["message"]["chat"]["id"])

    def _post(self, webhook: _Webhook, update_id: int) -> None:
        pause_s = RESEND_S
        while not self._ended and webhook is self.webhook:
            if self.post_once(webhook, self._updates[update_id]):
                break
            time.sleep(pause_s)
            pause_s *= 2
        with self._changed:
            if webhook is self.webhook:
                self._updates.pop(update_id, None)
            webhook.under_way.discard(update_id)
            self._changed.notify_all()

    def post_once(self, webhook: _Webhook, update: dict[str, Any]) -> bool:
        connection = http.client.HTTPConnection(*self.upstream, timeout=60)
        headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": webhook.secret}
        try:
            connection.request("POST", webhook.path, json.dumps(update), headers)
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


@contextmanager
def running_telegram(upstream: tuple[str, int] = ("127.0.0.1", 0)) -> Iterator[TelegramApi]:
    api = TelegramApi(upstream)
    try:
        yield api
    finally:
        api.close()
