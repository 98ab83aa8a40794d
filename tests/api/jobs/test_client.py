"""api/jobs/client.py and forget.py: a real queue in SQLite, with nobody who works on it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from api.errors import NoSuchJob, NotReady, TooManyJobs
from api.jobs.client import JobClient
from api.jobs.folder import JobFolders, make_id
from api.jobs.forget import forget_old
from api.jobs.types import JobRequest, JobSettings, JobState

REQUEST = JobRequest(kind="video", name="a.mp4", task="detection", model="yolov3-tiny", options={}, every=5.0)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> JobSettings:
    folder = tmp_path_factory.mktemp("jobs")
    return JobSettings(database=f"sqlite:///{folder / 'jobs.sqlite'}", folder=folder, waiting=3)


@pytest.fixture(scope="module")
def folders(settings: JobSettings) -> JobFolders:
    return JobFolders(settings.folder)


@pytest.fixture(scope="module")
def known(settings: JobSettings, folders: JobFolders) -> Iterator[JobClient]:
    client = JobClient(settings, folders)
    yield client
    client.close()


@pytest.fixture
def client(known: JobClient, folders: JobFolders) -> Iterator[JobClient]:
    """A queue that is empty at first."""
    yield known
    for job_id in folders.ids():
        known.forget(job_id)


def submit(client: JobClient, folders: JobFolders) -> str:
    folders.prepare()
    incoming, job_id = folders.incoming(), make_id()
    incoming.write_bytes(b"a video")
    folders.admit(incoming, job_id)
    client.submit(job_id, REQUEST)
    return job_id


def test_jobs_wait_in_the_order_in_which_they_came(client: JobClient, folders: JobFolders):
    ids = [submit(client, folders) for _ in range(3)]
    jobs = [client.find(job_id) for job_id in ids]
    assert [(job.state, job.position) for job in jobs] == [(JobState.QUEUED, 1), (JobState.QUEUED, 2), ("queued", 3)]
    assert jobs[0].name == REQUEST.name
    assert client.waiting() == 3


def test_only_so_many_may_wait(client: JobClient, folders: JobFolders):
    for _ in range(3):
        submit(client, folders)
    with pytest.raises(TooManyJobs) as refused:
        client.require_room()
    assert refused.value.retry_after_s


def test_nobody_finds_a_job_by_guessing(client: JobClient, folders: JobFolders):
    own = submit(client, folders)
    for guess in (make_id(), own[:-1] + ("0" if own[-1] != "0" else "1")):
        with pytest.raises(NoSuchJob):
            client.find(guess)


def test_a_cancelled_job_keeps_no_file(client: JobClient, folders: JobFolders):
    job_id = submit(client, folders)
    client.cancel(job_id)
    assert client.find(job_id).state == JobState.CANCELLED
    assert folders.ids() == set()
    assert client.waiting() == 0
    client.forget(job_id)
    with pytest.raises(NoSuchJob):
        client.find(job_id)


def test_after_the_kept_time_an_ended_job_is_forgotten(client: JobClient, folders: JobFolders, settings: JobSettings):
    ended, waits = submit(client, folders), submit(client, folders)
    client.cancel(ended)
    forget_old(client.engine(), folders, keep_s=3600)
    assert client.find(ended).state == JobState.CANCELLED
    forget_old(client.engine(), folders, keep_s=0)
    with pytest.raises(NoSuchJob):
        client.find(ended)
    assert client.find(waits).state == JobState.QUEUED


def test_nothing_is_told_of_a_job_after_its_time_though_no_worker_is_there(client: JobClient, settings: JobSettings):
    folders = JobFolders(settings.folder)
    forgetful = JobClient(replace(settings, keep_s=0.0), folders)
    job_id = submit(client, folders)
    client.cancel(job_id)
    with pytest.raises(NoSuchJob):
        forgetful.find(job_id)
    forgetful.close()


def test_a_database_that_does_not_answer_is_said_in_words(tmp_path: Path):
    settings = JobSettings(database="postgresql://nobody@127.0.0.1:1/none", folder=tmp_path)
    with pytest.raises(NotReady, match="list of jobs"):
        JobClient(settings, JobFolders(tmp_path)).waiting()
