"""The messages with which the bot answers. Each answer is one call of Telegram's API, so there is never half of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiogram.methods import SendDocument, SendMediaGroup, SendMessage, SendPhoto, SendVideo, TelegramMethod
from aiogram.types import BufferedInputFile, InputMediaPhoto, InputMediaVideo, Message, ReplyParameters
from aiogram.utils.formatting import Text, TextLink
from pagesight import AnyAnswer

from clients.telegram.looking import SeenVideo
from clients.telegram.texts.types import Texts
from clients.telegram.words import lines_of

MOST_IN_CAPTION = 1024  # UTF-16 code units
MOST_PHOTO_BYTES = 10_000_000
MOST_PHOTO_SIDES = 10_000  # width and height together, pixels
MOST_PHOTO_RATIO = 20
MOST_FILE_BYTES = 50_000_000
LEAST_ALBUM = 2
JPEG, MP4 = "pagesight.jpg", "pagesight.mp4"
Seen = AnyAnswer | SeenVideo
Media = InputMediaPhoto | InputMediaVideo


@dataclass(frozen=True, slots=True)
class Reply:
    """A call that answers, and the videos that the server is to forget afterwards."""

    method: TelegramMethod[Any]
    forgotten: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Replying:
    """Makes the answers to one message in its language; `page` is linked to."""

    to: Message
    texts: Texts
    page: str | None

    def say(self, text: str) -> Reply:
        """Return an answer in words."""
        return Reply(SendMessage(text=text, **self._place))

    def show(self, seen: Seen) -> Reply:
        """Return the drawn picture or video with what was found."""
        link = self._link(seen, before="\n\n")
        text = Text(_cut("\n".join(self._lines(seen)), MOST_IN_CAPTION - len(link)), link)
        caption = text.as_caption_kwargs() | self._place
        forgotten = self._forgotten(seen)
        if isinstance(seen, SeenVideo):
            if _fits_a_video(seen):
                video = BufferedInputFile(seen.drawn or b"", MP4)
                return Reply(SendVideo(video=video, **_shape(seen), **caption), forgotten)
        elif seen.image:
            picture = BufferedInputFile(seen.image, JPEG)
            if _fits_a_photo(seen):
                return Reply(SendPhoto(photo=picture, **caption))
            return Reply(SendDocument(document=picture, **caption))
        return Reply(SendMessage(**text.as_kwargs(), **self._place), forgotten)

    def show_album(self, all_seen: Sequence[Seen | str]) -> Reply:
        """Return an album of what was drawn, with what was found in each, or why there is nothing."""
        seen = [one for one in all_seen if not isinstance(one, str)]
        drawn = [media for one in seen if (media := _media(one))]
        text = self._caption_of_album(all_seen)
        forgotten = tuple(job_id for one in seen for job_id in self._forgotten(one))
        if len(drawn) < LEAST_ALBUM:
            return Reply(self._show_alone(drawn, text), forgotten)
        first = drawn[0].model_copy(update=text.as_caption_kwargs())
        return Reply(SendMediaGroup(media=[first, *drawn[1:]], **self._place), forgotten)

    def _show_alone(self, drawn: Sequence[Media], text: Text) -> TelegramMethod[Any]:
        """Return what is left of an album of which at most one thing can be shown."""
        caption = text.as_caption_kwargs() | self._place
        if not drawn:
            return SendMessage(**text.as_kwargs(), **self._place)
        if isinstance(drawn[0], InputMediaVideo):
            return SendVideo(video=drawn[0].media, supports_streaming=True, **caption)
        return SendPhoto(photo=drawn[0].media, **caption)

    @property
    def _place(self) -> dict[str, Any]:
        """Return where the answer goes: under the message, in its topic, also if it is deleted meanwhile."""
        replied = ReplyParameters(message_id=self.to.message_id, allow_sending_without_reply=True)
        topic = {"message_thread_id": self.to.message_thread_id} if self.to.is_topic_message else {}
        return {"chat_id": self.to.chat.id, "reply_parameters": replied, **topic}

    def _lines(self, seen: Seen) -> list[str]:
        if not isinstance(seen, SeenVideo):
            return lines_of(seen, self.texts)
        return lines_of(seen.answer, self.texts) if seen.answer else [self.texts.video_goes_on]

    def _link(self, seen: Seen | None, *, before: str) -> Text:
        """Return the link to the page: to a video there, or to the page itself; nothing where there is no page."""
        if not self.page:
            return Text()
        if isinstance(seen, SeenVideo):
            return Text(before, TextLink(self.texts.open_video, url=f"{self.page}#job={seen.job_id}"))
        return Text(before, TextLink(self.texts.open_page, url=self.page))

    def _caption_of_album(self, all_seen: Sequence[Seen | str]) -> Text:
        """Return a line for each: its number, what was found, and the link of a video."""
        end = self._link(None, before="\n")
        room = (MOST_IN_CAPTION - len(end)) // len(all_seen) - len("10: \n")
        lines = []
        for number, one in enumerate(all_seen, start=1):
            found = one if isinstance(one, str) else ", ".join(self._lines(one))
            link = self._link(one, before=" · ") if isinstance(one, SeenVideo) else Text()
            lines.append(Text(f"{number}: ", _cut(found, room - len(link)), link, "\n"))
        return Text(*lines, end)

    def _forgotten(self, seen: Seen) -> tuple[str, ...]:
        """Return the video that nobody has a link to."""
        return (seen.job_id,) if isinstance(seen, SeenVideo) and not self.page else ()


def _media(seen: Seen) -> Media | None:
    """Return what was drawn as a part of an album, if it can be one."""
    if isinstance(seen, SeenVideo):
        return (
            InputMediaVideo(media=BufferedInputFile(seen.drawn or b"", MP4), **_shape(seen))
            if _fits_a_video(seen)
            else None
        )
    return InputMediaPhoto(media=BufferedInputFile(seen.image or b"", JPEG)) if _fits_a_photo(seen) else None


def _shape(seen: SeenVideo) -> dict[str, Any]:
    return {"duration": round(seen.answer.duration_s) if seen.answer else None, "supports_streaming": True}


def _fits_a_video(seen: SeenVideo) -> bool:
    return seen.answer is not None and seen.drawn is not None and len(seen.drawn) <= MOST_FILE_BYTES


def _fits_a_photo(seen: AnyAnswer) -> bool:
    """Return whether Telegram takes the drawn picture as a photograph."""
    return (
        seen.image is not None
        and len(seen.image) <= MOST_PHOTO_BYTES
        and seen.width + seen.height <= MOST_PHOTO_SIDES
        and max(seen.width, seen.height) <= MOST_PHOTO_RATIO * min(seen.width, seen.height)
    )


def _cut(text: str, most: int) -> str:
    """Return text of at most so many UTF-16 code units."""
    code_units = text.encode("utf-16-le")
    if len(code_units) <= 2 * most:
        return text
    return code_units[: 2 * (most - 1)].decode("utf-16-le", "ignore") + "…"
