"""api/work/watchdog.py: work that never ends, alone and in a real gunicorn with a native call that really hangs."""

import http.client
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from api.errors import BadRequest, Hung, NotReady
from api.work.watchdog import Watchdog
from harness.gunicorn_server import ALLOWED_ORIGIN, GunicornServer, running_server
from harness.pictures import encode, make_upright
from harness.waiting import wait_until
from tests.hanging_server import HANGING_WIDTH, HOLDING_WIDTH

LIMIT_S = 10
GOOD = encode(make_upright(64, 96), "PNG")
HANGING = encode(make_upright(64, HANGING_WIDTH), "PNG")
HOLDING = encode(make_upright(64, HOLDING_WIDTH), "PNG")
ORIGIN = {"Origin": ALLOWED_ORIGIN}


class Hang:
    """Work that hangs until the test is over."""

    def __init__(self) -> None:
        self.has_begun = threading.Event()
        self.is_over = threading.Event()

    def __call__(self) -> None:
        self.has_begun.set()
        self.is_over.wait(LIMIT_S)


@pytest.fixture
def hang() -> Iterator[Hang]:
    work = Hang()
    yield work
    work.is_over.set()


@pytest.fixture
def hung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the watchdog did, in order."""
    done: list[str] = []
    monkeypatch.setattr("api.work.watchdog.LAST_ANSWERS_S", 0)
    return done


def make_watchdog(hung: list[str], *, limit_s: float) -> Watchdog:
    return Watchdog(
        threads=2,
        on_hang=lambda: hung.append("told"),
        limit_s=limit_s,
        end=lambda status: hung.append(f"exit {status}"),
    )


def test_work_gives_its_result_or_its_error(hung: list[str]):
    watchdog = make_watchdog(hung, limit_s=LIMIT_S)
    assert watchdog.run(lambda: 7) == 7
    for error in (BadRequest("no"), TimeoutError("of the work's own")):

        def fail(error: Exception = error) -> None:
            raise error

        with pytest.raises(type(error), match=str(error)):
            watchdog.run(fail)
    assert watchdog.run(lambda: 8) == 8
    assert not hung


def test_hung_work_is_given_up_once_and_nothing_new_begins(hung: list[str], hang: Hang):
    watchdog = make_watchdog(hung, limit_s=0.05)
    with pytest.raises(Hung):
        watchdog.run(hang)
    with pytest.raises(NotReady) as refused:
        watchdog.run(lambda: pytest.fail("new work has begun"))
    assert refused.value.retry_after_s
    wait_until(lambda: "exit 70" in hung)
    assert hung == ["told", "exit 70"]


def test_process_ends_only_when_the_other_work_is_done(hung: list[str], hang: Hang):
    limit_s = 2.0
    watchdog = make_watchdog(hung, limit_s=limit_s)

    def end_after_the_hang_is_told() -> None:
        wait_until(lambda: "told" in hung)
        hung.append("other done")

    with ThreadPoolExecutor(2) as threads:
        threads.submit(watchdog.run, hang)
        assert hang.has_begun.wait(LIMIT_S)
        threading.Event().wait(limit_s / 2)  # so that its own time is not up as soon as the hang's is
        threads.submit(watchdog.run, end_after_the_hang_is_told)
        wait_until(lambda: "exit 70" in hung)
    assert hung == ["told", "other done", "exit 70"]


@pytest.fixture(scope="module")
def server() -> Iterator[GunicornServer]:
    environment = {"GUNICORN_CMD_ARGS": "--timeout 4", "PAGESIGHT_INPUT_SIZE": "64"}
    with running_server(app="tests.hanging_server:serve()", **environment) as started:
        yield started


def replaced(server: GunicornServer, before: list[int]) -> bool:
    return bool(server.worker_pids) and not set(server.worker_pids) & set(before)


def test_hung_native_call_costs_its_sender_an_answer_and_the_others_nothing(server: GunicornServer):
    before = server.worker_pids
    with ThreadPoolExecutor(2) as senders:
        hanging = senders.submit(server.client.detect, HANGING, headers=ORIGIN)
        answered = 0
        while not hanging.done():
            answer = server.client.detect(GOOD, headers=ORIGIN)
            assert answer.status == 200 or hanging.done() or answer.headers["Retry-After"]
            answered += answer.status == 200
    answer = hanging.result()
    assert (answer.status, answer.content_type) == (504, "application/problem+json")
    assert answer.json["type"] == "urn:pagesight:problem:inference-hung"
    assert answer.headers["Access-Control-Allow-Origin"] == ALLOWED_ORIGIN
    assert answered
    wait_until(lambda: replaced(server, before))
    server.wait_until_ready()
    assert server.client.detect(GOOD).status == 200
    assert "hangs for" in server.log()


def test_native_call_that_holds_the_interpreter_is_ended_with_its_process(server: GunicornServer):
    before = server.worker_pids
    with pytest.raises((http.client.HTTPException, OSError)):
        server.client.detect(HOLDING)
    wait_until(lambda: replaced(server, before))
    server.wait_until_ready()
    assert server.client.detect(GOOD).status == 200
