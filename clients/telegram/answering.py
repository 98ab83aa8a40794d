"""From messages that belong together to the one answer to them. Nothing that is done here can be seen by anybody."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.types import Message, User

from clients.telegram.looking import Looking, NoAnswer
from clients.telegram.messages import (
    Attachment,
    Kind,
    attachment_of,
    brings_something,
    command_of,
    is_addressed,
    is_named,
)
from clients.telegram.rates import Rates
from clients.telegram.replies import Reply, Replying, Seen
from clients.telegram.settings import Settings
from clients.telegram.texts import texts_for
from clients.telegram.texts.types import Texts

COST = {Kind.PHOTO: 1, Kind.VIDEO: 5}
ACTION_S = 4.5  # Telegram shows for 5 s that the bot is at work


class Answering:
    """Answers as the bot `me`."""

    def __init__(self, bot: Bot, me: User, looking: Looking, settings: Settings) -> None:
        self._bot = bot
        self._me = me
        self._looking = looking
        self._settings = settings
        self._rates = Rates(settings.rate)

    async def answer(self, messages: Sequence[Message]) -> Reply | None:
        """Return the answer to a message, or to an album; None if there is nothing to answer."""
        first = messages[0]
        if not is_addressed(messages, self._me):
            return None
        sender = first.sender_chat or first.from_user
        texts = texts_for(first.from_user.language_code if first.from_user else None)
        replying = Replying(first, texts, self._settings.page)
        files = self._files(messages)
        if not files and not self._is_worth_words(first):
            return None
        cost = sum(COST[file.kind] if file else 1 for file in files) or 1
        if too_much := self._rates.take(sender.id if sender else first.chat.id, cost):
            return replying.say(texts.too_much.format(seconds=too_much.seconds)) if too_much.is_first else None
        if not files:
            return self._words(first, replying)
        pairs = zip(messages, files, strict=True)
        seen = await asyncio.gather(*(self._look_or_say(message, file, texts) for message, file in pairs))
        if len(seen) > 1:
            return replying.show_album(seen)
        return replying.say(seen[0]) if isinstance(seen[0], str) else replying.show(seen[0])

    def failure(self, messages: Sequence[Message]) -> Reply:
        """Return the answer if something went wrong that nobody foresaw."""
        first = messages[0]
        texts = texts_for(first.from_user.language_code if first.from_user else None)
        return Replying(first, texts, None).say(texts.failed)

    def _files(self, messages: Sequence[Message]) -> list[Attachment | None]:
        """Return what is to be looked at, None for what cannot be; of a text, what it replies to."""
        first, replied = messages[0], messages[0].reply_to_message
        if not brings_something(first):
            is_mine = replied is None or (replied.from_user is not None and replied.from_user.id == self._me.id)
            file = None if is_mine or replied is None or command_of(first, self._me) else attachment_of(replied)
            return [file] if file else []
        return [attachment_of(message) for message in messages]

    def _is_worth_words(self, message: Message) -> bool:
        """Return whether a message without a file is answered: nobody wants one to each "thanks" in a group."""
        is_text = message.text is not None
        return is_text and (message.chat.type == "private" or is_named(message, self._me))

    def _words(self, message: Message, replying: Replying) -> Reply:
        texts = replying.texts
        command = command_of(message, self._me)
        if command == "start":
            return replying.say(f"{texts.start}\n\n{texts.privacy}")
        if command == "help":
            return replying.say(f"{texts.help}\n\n{texts.in_groups.format(name=self._me.username)}")
        if command == "privacy":
            of_videos = texts.privacy_of_video_links if self._settings.page else texts.privacy_of_videos
            return replying.say(f"{texts.privacy}\n\n{of_videos}")
        return replying.say(texts.hint)

    async def _look(self, message: Message, file: Attachment | None, texts: Texts) -> Seen:
        """Look at a file, when it is its turn. Raises NoAnswer."""
        if file is None:
            raise NoAnswer(texts.not_a_picture)
        if file.kind is Kind.PHOTO:
            async with self._looking.photos, self._at_work(message, "upload_photo"):
                return await self._looking.see_photo(file, texts)
        async with self._looking.videos, self._at_work(message, "upload_video"):
            return await self._looking.see_video(file, f"{message.chat.id} {message.message_id}", texts)

    async def _look_or_say(self, message: Message, file: Attachment | None, texts: Texts) -> Seen | str:
        try:
            return await self._look(message, file, texts)
        except NoAnswer as why:
            return why.text

    @contextlib.asynccontextmanager
    async def _at_work(self, message: Message, action: str) -> AsyncIterator[None]:
        """Show in the chat that the bot is at work. It is not waited for, and may fail."""

        async def show() -> None:
            thread = message.message_thread_id if message.is_topic_message else None
            while True:
                with contextlib.suppress(AiogramError):
                    await self._bot.send_chat_action(message.chat.id, action, message_thread_id=thread)
                await asyncio.sleep(ACTION_S)

        shown = asyncio.create_task(show())
        try:
            yield
        finally:
            shown.cancel()
