"""Asks the Pagesight server what is in a file, and says in the user's words why there is no answer."""

import asyncio
import hmac
import io
import logging
from dataclasses import dataclass

import aiohttp
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from pagesight import (
    AnyAnswer,
    AsyncClient,
    ForeignAnswer,
    JobFailed,
    Lost,
    PagesightError,
    Refused,
    Unavailable,
    Unreachable,
    VideoAnswer,
)
from pagesight.options import AnyOptions

from clients.telegram.messages import Attachment
from clients.telegram.settings import Settings
from clients.telegram.texts.types import Texts

SHOWN_WIDTH = 480  # CSS pixels, about the width of a chat: labels are then readable in it
DOWNLOAD_S = 120
PAUSES_S = (1.0, 2.0, 4.0)  # between tries to download
MOST_VIDEOS = 2  # that are waited for at the same time

logger = logging.getLogger(__name__)


class NoAnswer(Exception):
    """There is no answer; `text` says why, in the user's language."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True, slots=True)
class SeenVideo:
    """What is in a video, and its drawn MP4; both None if it takes longer than is waited for."""

    job_id: str
    answer: VideoAnswer | None
    drawn: bytes | None


class Looking:
    """Asks one server, for one bot; about so many files at once."""

    def __init__(self, bot: Bot, pagesight: AsyncClient, settings: Settings) -> None:
        self._bot = bot
        self._pagesight = pagesight
        self._settings = settings
        self.photos = asyncio.Semaphore(settings.at_once)
        self.videos = asyncio.Semaphore(MOST_VIDEOS)

    async def see_photo(self, file: Attachment, texts: Texts) -> AnyAnswer:
        """Ask about a photograph; the drawn picture comes with the answer. Raises NoAnswer."""
        try:
            photo = await self._download(file, texts)
            options = self._options()
            options["display_width"] = SHOWN_WIDTH
            return await self._pagesight.ask(photo, **options)
        except PagesightError as error:
            raise NoAnswer(_why(error, texts)) from error

    async def see_video(self, file: Attachment, name: str, texts: Texts) -> SeenVideo:
        """Ask about a video; by its `name` it is found again after a restart. Raises NoAnswer."""
        try:
            video = await self._download(file, texts)
            job = await self._pagesight.begin_job(video, key=self._key(name), **self._options())
            try:
                async with asyncio.timeout(self._settings.video_seconds):
                    await self._pagesight.wait_for(job.id)
                    answer = await self._pagesight.result(job.id)
            except JobFailed:
                await self.forget(job.id)
                raise
            except TimeoutError:
                if self._settings.page is None:
                    await self._pagesight.end_job(job.id)
                    raise NoAnswer(texts.video_too_long) from None
                return SeenVideo(job.id, None, None)
            if not isinstance(answer, VideoAnswer):
                raise NoAnswer(texts.video_failed)
            return SeenVideo(job.id, answer, await self._pagesight.drawn_video(job.id))
        except PagesightError as error:
            raise NoAnswer(_why(error, texts)) from error

    async def forget(self, job_id: str) -> None:
        """Have the server forget a video."""
        try:
            await self._pagesight.end_job(job_id)
        except PagesightError as error:  # the server forgets it by itself, later
            logger.warning("A video was not forgotten at once: %s", type(error).__name__)

    def _options(self) -> AnyOptions:
        options = AnyOptions(annotate=True)
        if self._settings.model:
            options["model"] = self._settings.model
        return options

    def _key(self, name: str) -> str:
        """Return what nobody can guess, and what is the same for the same message."""
        return hmac.digest(self._settings.token.encode(), f"job {name}".encode(), "sha256").hex()

    async def _download(self, file: Attachment, texts: Texts) -> bytes:
        if file.is_too_large:
            raise NoAnswer(texts.too_large_for_telegram)
        try:
            found = await self._bot.get_file(file.file_id)
        except TelegramBadRequest as error:
            is_too_large = "too big" in error.message
            raise NoAnswer(texts.too_large_for_telegram if is_too_large else texts.failed) from error
        for pause_s in (*PAUSES_S, None):
            into = io.BytesIO()
            try:
                await self._bot.download_file(found.file_path or "", into, timeout=DOWNLOAD_S)
                return into.getvalue()
            except (aiohttp.ClientError, TimeoutError) as error:
                if pause_s is None:
                    raise NoAnswer(texts.failed) from error
            await asyncio.sleep(pause_s)
        raise AssertionError("the last try returns or raises")


def _why(error: PagesightError, texts: Texts) -> str:
    """Return what a person is told; what only the owner can change is logged."""
    if isinstance(error, JobFailed):
        return texts.video_failed
    if isinstance(error, Unavailable):
        return texts.busy if error.status in (429, 502, 503) else texts.failed
    if isinstance(error, Refused):
        if error.problem.type.endswith(":no-jobs"):
            return texts.no_videos
        known = {413: texts.too_large, 415: texts.not_a_picture, 422: texts.refused}
        if error.status not in known:
            logger.error("The server refuses the bot: %s", error)
        return known.get(error.status, texts.failed)
    if isinstance(error, ForeignAnswer | Unreachable | Lost):
        logger.error("%s", error)
        return texts.away
    return texts.failed
