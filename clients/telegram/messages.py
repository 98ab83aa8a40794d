"""What a message asks of the bot: whether it is addressed, which command it is, and which file it brings."""

import mimetypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from aiogram.types import Message, User

MOST_BYTES = 20 << 20  # of a file that Telegram gives to bots
LATER_KINDS = {".heic": "image/heic", ".heif": "image/heif", ".avif": "image/avif", ".webp": "image/webp"}
BROUGHT = frozenset(
    {
        *("animation", "audio", "contact", "dice", "document", "live_photo", "location", "paid_media", "photo", "poll"),
        *("sticker", "story", "venue", "video", "video_note", "voice"),
    }
)


class Kind(StrEnum):
    """How a file is asked about."""

    PHOTO = "photo"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as Telegram knows it. `size` is in bytes, if Telegram says it."""

    kind: Kind
    file_id: str
    size: int | None

    @property
    def is_too_large(self) -> bool:
        """Whether Telegram would not give it to a bot."""
        return self.size is not None and self.size > MOST_BYTES


def attachment_of(message: Message) -> Attachment | None:
    """Return the photograph or the video of a message, also if it was sent as a file."""
    if sizes := message.photo or (message.live_photo and message.live_photo.photo):
        largest = max(sizes, key=lambda size: size.width * size.height)
        return Attachment(Kind.PHOTO, largest.file_id, largest.file_size)
    for moving in (message.animation, message.video, message.video_note):  # an animation is a document, too
        if moving:
            is_gif = getattr(moving, "mime_type", None) == "image/gif"
            return Attachment(Kind.PHOTO if is_gif else Kind.VIDEO, moving.file_id, moving.file_size)
    if document := message.document:
        mime_type = document.mime_type or _guess(document.file_name or "")
        for prefix, kind in (("image/", Kind.PHOTO), ("video/", Kind.VIDEO)):
            if mime_type.startswith(prefix):
                return Attachment(kind, document.file_id, document.file_size)
    return None


def brings_something(message: Message) -> bool:
    """Return whether a message brings anything besides text, be it of use or not."""
    return message.content_type in BROUGHT


def is_addressed(messages: Sequence[Message], me: User) -> bool:
    """Return whether messages that belong together are for the bot: in a group if it is named or replied to."""
    if messages[0].chat.type == "private":
        return True
    return any(is_named(message, me) or _is_reply_to(message, me) for message in messages)


def is_named(message: Message, me: User) -> bool:
    """Return whether a message names the bot, as in `@name`, `/help@name`, or by a link to it."""
    name = f"@{me.username}".lower()
    for kind, text, user_id in _entities(message):
        if kind == "mention" and text.lower() == name:
            return True
        if kind == "bot_command" and text.lower().endswith(name):
            return True
        if kind == "text_mention" and user_id == me.id:
            return True
    return False


def command_of(message: Message, me: User) -> str | None:
    """Return the command with which a message begins, such as `help`; None if there is none, or it is another bot's."""
    first = (message.text or "").split(maxsplit=1)[:1]
    if not first or not first[0].startswith("/"):
        return None
    command, _, name = first[0][1:].partition("@")
    is_mine = not name or name.lower() == (me.username or "").lower()
    return command.lower() if is_mine else None


def _is_reply_to(message: Message, me: User) -> bool:
    replied = message.reply_to_message
    return replied is not None and replied.from_user is not None and replied.from_user.id == me.id


def _entities(message: Message) -> Iterator[tuple[str, str, int | None]]:
    text = message.text or message.caption or ""
    for entity in message.entities or message.caption_entities or ():
        yield entity.type, entity.extract_from(text), entity.user.id if entity.user else None


def _guess(file_name: str) -> str:
    suffix = f".{file_name.rpartition('.')[2].lower()}"
    return LATER_KINDS.get(suffix) or mimetypes.types_map.get(suffix, "")
