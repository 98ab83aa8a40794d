"""Whole videos through a real server and a real worker, which may be killed at any moment."""

from collections.abc import Iterator
from pathlib import Path

import av
import pytest

from harness.gunicorn_server import ALLOWED_ORIGIN, GunicornServer, running_server
from harness.job_worker import (
    DYING_WORKER,
    Jobs,
    Worker,
    environment_of,
    folder_of_jobs,
    running_worker,
    seconds_until,
    walk,
)
from harness.waiting import wait_until
from tests.contract import Contract

pytestmark = pytest.mark.long

KEY = "a-key-of-some-visitor-1"
CANCEL_LIMIT_S = 1.5


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with folder_of_jobs() as made:
        yield made


@pytest.fixture(scope="module")
def worker(folder: Path) -> Iterator[Worker]:
    with running_worker(DYING_WORKER, **environment_of(folder, DIE_AT="work_on_chunk.done")) as started:
        yield started


@pytest.fixture(scope="module")
def server(folder: Path, worker: Worker) -> Iterator[GunicornServer]:
    with running_server(**environment_of(folder)) as started:
        yield started


@pytest.fixture(scope="module")
def jobs(server: GunicornServer) -> Jobs:
    return Jobs(server.client)


@pytest.fixture(scope="module")
def contract(server: GunicornServer) -> Contract:
    return Contract(server.client.get("/openapi.json").json)


def test_a_killed_worker_goes_on_at_its_first_unfinished_chunk(jobs: Jobs, worker: Worker, folder: Path):
    first = jobs.begin(walk(), key=KEY)
    wait_until(worker.has_died, worker.log)
    finished = (folder / "jobs" / first / "00000.json").stat().st_mtime_ns
    worker.start()
    assert jobs.wait(first)["state"] == "done", worker.log()
    again = jobs.begin(walk())
    assert jobs.wait(again)["state"] == "done", worker.log()
    assert jobs.get(first, "/result.json").body == jobs.get(again, "/result.json").body
    assert finished  # the first chunk was there when the worker died


def test_the_same_with_the_same_key_is_the_same_job(jobs: Jobs):
    first = jobs.begin(walk(), key=KEY)
    assert jobs.begin(walk(), key=KEY) == first
    assert jobs.begin(walk(), key=KEY, every=1) != first
    assert jobs.begin(walk(), key=KEY[::-1]) != first


def test_a_result_keeps_the_contract(jobs: Jobs, contract: Contract):
    done = jobs.wait(jobs.begin(walk(), key=KEY))
    answer = jobs.get(done["id"], "/result.json", {"Origin": ALLOWED_ORIGIN})
    contract.check("GET", "/v1/jobs/{job_id}/result.json", status=200, headers=answer.headers, content=answer.json)
    assert answer.headers["Access-Control-Allow-Origin"] == ALLOWED_ORIGIN
    result = answer.json
    assert (result["width"], result["height"], result["duration_s"]) == (384, 320, 4.0)
    assert [frame["time_s"] for frame in result["frames"]] == [n / 5 for n in range(20)]
    assert result["counts"]["dog"] == 1
    (dog,) = [track for track in result["tracks"] if track["label"] == "dog"]
    assert dog["path"][0][1] > dog["path"][-1][1]  # the picture goes to the right, and the dog to the left
    state = jobs.get(done["id"])
    contract.check("GET", "/v1/jobs/{job_id}", status=200, headers=state.headers, content=state.json)


def test_the_drawn_video_plays_and_can_be_sought_in(jobs: Jobs, tmp_path: Path):
    done = jobs.wait(jobs.begin(walk(), key=KEY))
    whole = jobs.get(done["id"], "/result.mp4").body
    (tmp_path / "drawn.mp4").write_bytes(whole)
    with av.open(str(tmp_path / "drawn.mp4")) as video:
        assert len(list(video.decode(video=0))) == 40
    part = jobs.get(done["id"], "/result.mp4", {"Range": "bytes=10-19"})
    assert (part.status, part.body) == (206, whole[10:20])
    assert jobs.get(done["id"], "/preview.jpg").body.startswith(b"\xff\xd8")


def test_what_is_to_be_blurred_is_in_no_frame_that_was_not_looked_at(jobs: Jobs, tmp_path: Path):
    done = jobs.wait(jobs.begin(walk(1.0), blur="dog"))
    result = jobs.get(done["id"], "/result.json").json
    assert all(frame["blurred"] for frame in result["frames"])
    assert "blurred" in result["notes"][-1]
    (tmp_path / "drawn.mp4").write_bytes(jobs.get(done["id"], "/result.mp4").body)
    with av.open(str(tmp_path / "drawn.mp4")) as video:
        assert len(list(video.decode(video=0))) == len(result["frames"]) == 5


def test_events_tell_each_change_to_the_end(jobs: Jobs):
    events = jobs.events(jobs.begin(walk(), every=10))
    assert events[-1]["state"] == "done"
    progress = [event["progress"] for event in events]
    assert len(progress) > 2
    assert progress == sorted(progress)


def test_a_photograph_may_be_answered_later(jobs: Jobs, server: GunicornServer, dog: bytes):
    now = server.client.detect(dog, path="/v1/detect").json
    later = server.client.detect(dog, path="/v1/detect", headers={"Prefer": "respond-async"})
    assert later.status == 202
    assert later.headers["Preference-Applied"] == "respond-async"
    job_id = later.headers["Location"].rpartition("/")[2]
    assert jobs.wait(job_id)["state"] == "done"
    result = jobs.get(job_id, "/result.json").json
    for own in ("timings_ms", "request_id", "image"):
        assert type(result.pop(own)) is type(now.pop(own))
    assert result.keys() == now.keys()
    assert [one["label"] for one in result["detections"]] == [one["label"] for one in now["detections"]]


def test_cancel_is_felt_within_a_second(jobs: Jobs, folder: Path):
    long = jobs.begin(walk(20.0), every=10)
    jobs.wait_for_frames(long)
    assert jobs.end(long).json["state"] == "cancelled"
    next_one = jobs.begin(walk(0.5))
    assert seconds_until(lambda: jobs.state(next_one)["state"] != "queued") < CANCEL_LIMIT_S
    assert not (folder / "jobs" / long).exists()


def test_forgetting_leaves_nothing(jobs: Jobs, folder: Path):
    done = jobs.wait(jobs.begin(walk(0.5)))["id"]
    assert (folder / "jobs" / done).is_dir()
    assert not (folder / "jobs" / done / "upload").exists()
    assert jobs.end(done).status == 204
    assert jobs.get(done).status == 404
    assert not (folder / "jobs" / done).exists()


def test_a_file_that_is_no_video_after_all_fails_in_words(jobs: Jobs):
    failed = jobs.wait(jobs.begin(walk()[:600], name="cut.mp4"))
    assert failed["state"] == "failed"
    assert "video" in failed["detail"]
    assert jobs.get(failed["id"], "/result.json").json["detail"] == failed["detail"]


def test_nobody_else_may_read_the_files(folder: Path):
    for path in (folder / "jobs").iterdir():
        assert path.stat().st_mode & 0o077 == 0
