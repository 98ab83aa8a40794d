"""The Python client and a whole video: a real server, and a real worker beside it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pagesight import Client, JobFailed, Refused, VideoAnswer

from harness.gunicorn_server import running_server
from harness.job_worker import DYING_WORKER, environment_of, folder_of_jobs, running_worker, wait_for_worker, walk


@pytest.fixture(scope="module")
def client(small_models: Path) -> Iterator[Client]:
    own = {"PAGESIGHT_WEIGHTS_DIR": str(small_models), "PAGESIGHT_MODEL": "ants", "PAGESIGHT_PRECISION": "fp32"}
    own["PAGESIGHT_CONVERTED_DIR"] = str(small_models / "converted")
    with folder_of_jobs() as folder:
        environment = environment_of(folder, **own)
        with running_worker(DYING_WORKER, **environment), running_server(**environment) as server:
            wait_for_worker(server)
            with Client(server.url) as client:
                yield client


def test_job_goes_from_begin_to_end(client: Client, tmp_path: Path):
    clip = tmp_path / "walk.mp4"
    clip.write_bytes(walk(1.0))
    job = client.wait_for(client.begin_job(clip, every=2).id)
    assert (job.state, job.progress) == ("done", 1)
    result = client.result(job.id)
    assert isinstance(result, VideoAnswer)
    assert result.frames[0].detections is not None
    assert client.end_job(job.id) is None
    with pytest.raises(Refused, match="no such job|There is no"):
        client.job(job.id)


def test_job_that_fails_says_why(client: Client, tmp_path: Path):
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(1000))
    with pytest.raises(JobFailed, match=r"\w+ \w+"):
        client.wait_for(client.begin_job(broken).id)
