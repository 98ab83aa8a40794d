"""The doctor before a server that takes videos."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.jobs.folder import JobFolders
from deploy.doctor.address import Address
from deploy.doctor.finding import Finding, Status
from deploy.doctor.server import Server
from deploy.doctor.videos import check_videos
from harness.gunicorn_server import GunicornServer, running_server
from harness.job_worker import environment_of, folder_of_jobs
from harness.nginx_server import running_nginx


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with folder_of_jobs() as made:
        JobFolders(made).prepare()
        yield made


@pytest.fixture(scope="module")
def taker(folder: Path) -> Iterator[GunicornServer]:
    with running_server(**environment_of(folder)) as started:
        yield started


def look(url: str) -> Finding:
    return check_videos(Server(address=Address.parse(url)))


def test_sees_whether_anybody_works_on_videos(taker: GunicornServer, folder: Path):
    with running_nginx(taker.host, MAX_VIDEO_MB="200") as nginx:
        assert "no worker" in look(nginx.url).found
        JobFolders(folder).sign_in("worker-1")
        assert look(nginx.url).status is Status.WELL
        assert not [path for path in (nginx.folder / "videos").rglob("*") if path.is_file()]


def test_sees_that_nginx_was_not_told_of_videos(taker: GunicornServer, folder: Path):
    JobFolders(folder).sign_in("worker-1")
    with running_nginx(taker.host) as nginx:
        found = look(nginx.url)
    assert found.status is Status.WRONG
    assert "MAX_VIDEO_MB" in found.remedy


def test_a_server_for_photographs_alone_is_well(server: GunicornServer):
    assert look(server.url).status is Status.WELL
