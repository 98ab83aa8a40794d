"""Videos through nginx: larger than a photograph, on its disk on their way alone, and in no log."""

from collections.abc import Iterator

import pytest

from harness.gunicorn_server import GunicornServer, running_server
from harness.job_worker import Jobs, environment_of, folder_of_jobs
from harness.life.canary import Canary
from harness.nginx_server import NginxServer, running_nginx

MP4 = b"\0\0\0\x18ftypisom" + b"\0" * 1000
MEGABYTE = b"x" * 1_000_000


@pytest.fixture(scope="module")
def taker() -> Iterator[GunicornServer]:
    with (
        folder_of_jobs() as folder,
        running_server(**environment_of(folder, PAGESIGHT_MAX_VIDEO_MB="20", PAGESIGHT_LOG_LEVEL="DEBUG")) as started,
    ):
        yield started


@pytest.fixture(scope="module")
def nginx(taker: GunicornServer) -> Iterator[NginxServer]:
    with running_nginx(taker.host, MAX_VIDEO_MB="20") as started:
        yield started


def test_a_video_larger_than_a_photograph_gets_through_and_leaves_nothing(nginx: NginxServer):
    answer = Jobs(nginx.client).send(MP4 + MEGABYTE * 15)
    assert answer.status == 202
    assert not [path for path in (nginx.folder / "videos").rglob("*") if path.is_file()]


def test_a_video_beyond_the_limit_is_refused_in_words(nginx: NginxServer):
    answer = Jobs(nginx.client).send(MP4 + MEGABYTE * 30)
    assert (answer.status, answer.content_type) == (413, "application/problem+json")
    assert "20 MB for a video" in answer.json["detail"]


def test_events_come_at_once(nginx: NginxServer):
    jobs = Jobs(nginx.client)
    job_id = jobs.begin(MP4)
    jobs.end(job_id)
    assert jobs.events(job_id)[-1]["state"] == "cancelled"


def test_no_log_tells_a_job_or_who_sent_it(nginx: NginxServer, taker: GunicornServer):
    jobs, canary = Jobs(nginx.client), Canary()
    job_id = jobs.begin(MP4 + canary.mark.encode(), name=f"{canary.mark}.mp4", headers={"User-Agent": canary.mark})
    for rest in ("", "/result.json", "/preview.jpg"):
        jobs.get(job_id, f"{rest}?{canary.mark}", {"X-Request-ID": f"last{rest.replace('/', '-')}"})
    line = nginx.log_line("id=last-preview.jpg ")
    assert "route=/v1/jobs/ID/preview.jpg status=409" in line
    for log in (nginx.log(), nginx.log("error.log"), taker.log()):
        assert canary.mark not in log
        assert job_id not in log
