"""nginx holds off visitors who do next to nothing, while the others are answered."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from harness.crowd import IDLE, SLOW_BODY, SLOW_HEADER, Crowd, Manner, Visitor, slow_reader
from harness.gunicorn_server import PROJECT, GunicornServer
from harness.nginx_server import NginxServer, running_nginx
from harness.waiting import wait_until

pytestmark = pytest.mark.long

PATIENCE_S = 90
THREADS = 26  # of the API: as many slow visitors would stop it
EACH = 2 * THREADS
MANY_ADDRESSES = [f"127.0.0.{number}" for number in range(10, 20)]


@pytest.fixture(scope="module")
def besieged(server: GunicornServer) -> Iterator[NginxServer]:
    with running_nginx(server.host) as started:
        yield started


def large_file() -> str:
    """Return the address of the largest file of the built page."""
    files = (PROJECT / "site" / "dist" / "assets").iterdir()
    return f"/assets/{max(files, key=lambda path: path.stat().st_size).name}"


@contextmanager
def crowd_at(server: NginxServer, manner: Manner, sources: list[str]) -> Iterator[None]:
    """Keep so many visitors of a kind at the door, and have all of them there first."""
    is_over, all_there = threading.Event(), threading.Event()
    crowd = Crowd(server.port, [manner] * EACH, sources)
    thread = threading.Thread(
        target=crowd.stay, args=(is_over.is_set, lambda there: all_there.set() if there >= EACH else None)
    )
    thread.start()
    try:
        assert all_there.wait(PATIENCE_S)
        yield
    finally:
        is_over.set()
        thread.join()


@pytest.mark.parametrize("manner", ["idle", "slow header", "slow body", "slow reader"])
def test_photograph_is_answered_meanwhile(besieged: NginxServer, dog: bytes, manner: str):
    manners = {
        "idle": IDLE,
        "slow header": SLOW_HEADER,
        "slow body": SLOW_BODY,
        "slow reader": slow_reader(large_file()),
    }
    with crowd_at(besieged, manners[manner], MANY_ADDRESSES):
        assert besieged.client.get("/status_check").status == 200
        assert besieged.client.detect(dog, annotate="false").status == 200


def test_visitors_who_never_ask_are_sent_away(besieged: NginxServer):
    visitors = [Visitor(IDLE, "127.0.0.1"), Visitor(SLOW_HEADER, "127.0.0.1")]
    for visitor in visitors:
        visitor.arrive(besieged.port)
    for visitor in visitors:
        wait_until(lambda: not visitor.go_on() or visitor.is_sent_away(), limit_s=PATIENCE_S)  # noqa: B023, called at once
        visitor.leave()


def test_one_address_does_not_take_all_places(besieged: NginxServer, dog: bytes):
    with crowd_at(besieged, SLOW_BODY, ["127.0.0.9"]):
        answer = besieged.client.detect(dog, annotate="false")
        assert answer.status == 200
    assert besieged.log_line("client=127.0.0.0 method=POST route=/ status=429 ")
