"""Videos by way of the bot: a real server that asks for a key, and a real worker beside it."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from pagesight import Client

from harness.gunicorn_server import GunicornServer, running_server
from harness.job_worker import DYING_WORKER, environment_of, folder_of_jobs, running_worker, wait_for_worker
from harness.telegram_api import TelegramApi
from harness.videos import quadrants
from harness.waiting import wait_until
from tests.clients.telegram.conftest import PAGE, StartBot

KEY = "the-key-of-the-bot"
CLIP = quadrants(frames=12)


@pytest.fixture(scope="module")
def jobs_folder() -> Iterator[Path]:
    with folder_of_jobs() as folder:
        yield folder


@pytest.fixture(scope="module")
def jobs_server(small_models: Path, jobs_folder: Path) -> Iterator[GunicornServer]:
    own = {"PAGESIGHT_WEIGHTS_DIR": str(small_models), "PAGESIGHT_MODEL": "ants", "PAGESIGHT_PRECISION": "fp32"}
    own |= {"PAGESIGHT_CONVERTED_DIR": str(small_models / "converted"), "PAGESIGHT_CONFIDENCE": "0.01"}
    own["PAGESIGHT_API_KEYS"] = f"bot:{hashlib.sha256(KEY.encode()).hexdigest()}"
    environment = environment_of(jobs_folder, **own)
    with running_worker(DYING_WORKER, **environment), running_server(**environment) as server:
        wait_for_worker(server)
        yield server


def jobs_in(folder: Path) -> set[str]:
    return {file.name for file in (folder / "jobs").iterdir()}


def test_video_comes_back_drawn_and_a_killed_bot_goes_on_with_it(
    api: TelegramApi, start_bot: StartBot, jobs_server: GunicornServer, jobs_folder: Path
):
    bot = start_bot(api, jobs_server.url, PAGESIGHT_KEY=KEY)
    damaged = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(1000)
    assert "This video cannot be used" in api.answer_to(api.write(**api.video(damaged))).text
    answer = api.answer_to(api.write(**api.video(CLIP)))
    assert (answer.method, answer.links) == ("sendvideo", [])
    wait_until(lambda: not jobs_in(jobs_folder))  # nobody has a link to it

    held = api.pause("sendVideo", "before")
    number = api.write(**api.video(CLIP))
    assert held.reached.wait(60)
    bot.kill()
    held.released.set()
    start_bot(api, jobs_server.url, PAGESIGHT_KEY=KEY, PAGESIGHT_BOT_PAGE=PAGE, PAGESIGHT_BOT_RATE="1000")
    answer = api.answer_to(number)
    assert answer.method == "sendvideo"
    (job_id,) = jobs_in(jobs_folder)  # it was found again
    assert answer.links == [f"{PAGE}#job={job_id}"]
    with Client(jobs_server.url) as client:
        assert client.job(job_id).state == "done"

    for content in (api.animation(CLIP), api.document(CLIP, "walk.mp4", "video/mp4")):
        assert api.answer_to(api.write(**content)).method == "sendvideo"
    album = [api.write(**content, media_group_id="1") for content in (api.video(CLIP), api.video(CLIP))]
    assert [part["type"] for part in api.answer_to(album[0]).values["media"]] == ["video", "video"]
    assert len(api.answer_to(album[0]).links) == 3
    assert [one for one in api.refused if "restart" not in one and "Conflict" not in one] == []
