"""Many visitors at once, against a real server: everybody gets their own answer, and health is always told."""

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageOps

from harness.gunicorn_server import GunicornServer, running_server
from harness.http_client import TIMEOUT_S, encode_form
from harness.pictures import encode
from harness.waiting import wait_until
from tests.conftest import StartServer

VISITORS = 8
REQUESTS_EACH = 200
CONFIDENCE = 0.005  # how much the last digits of a sum may depend on what runs beside it
PIXELS = 0.5


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody with a picture of their own."""

    name: str
    body: bytes
    headers: dict[str, str]

    def ask(self, server: GunicornServer, times: int) -> list[dict[str, Any]]:
        """Send the picture so many times over one connection."""
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=TIMEOUT_S)
        answers = []
        try:
            for _ in range(times):
                connection.request("POST", "/", self.body, self.headers)
                response = connection.getresponse()
                answers.append({"status": response.status, **json.loads(response.read())})
        finally:
            connection.close()
        return answers


@pytest.fixture(scope="module")
def visitors(photographs: dict[str, Path]) -> list[Visitor]:
    """Eight people with eight pictures: six photographs, and two of them mirrored. Small ones, to be quick."""
    pictures: dict[str, Image.Image] = {}
    for name, path in photographs.items():
        with Image.open(path) as photograph:
            pictures[name] = photograph.resize((256, 192))
    pictures["mirrored dog"] = ImageOps.mirror(pictures["dog"])
    pictures["mirrored person"] = ImageOps.mirror(pictures["person"])
    assert len(pictures) == VISITORS
    files = {f"{name}.jpg": encode(picture, "JPEG") for name, picture in pictures.items()}
    forms = {name: encode_form(file, name=name, annotate="false", confidence="0.02") for name, file in files.items()}
    return [Visitor(name, *form) for name, form in forms.items()]


@pytest.fixture(scope="module")
def roomy_server() -> Iterator[GunicornServer]:
    """A server where all visitors find a place, with an input small enough to answer 1,600 of them in the time."""
    with running_server(PAGESIGHT_QUEUE="16", PAGESIGHT_INPUT_SIZE="128", PAGESIGHT_THREADS="1") as server:
        yield server


def test_eight_visitors_at_once_each_get_their_own_answers(roomy_server: GunicornServer, visitors: list[Visitor]):
    expected = {visitor.name: visitor.ask(roomy_server, 1)[0] for visitor in visitors}
    assert_all_differ(expected)
    together = threading.Barrier(VISITORS)

    def visit(visitor: Visitor) -> list[dict[str, Any]]:
        together.wait(TIMEOUT_S)
        return visitor.ask(roomy_server, REQUESTS_EACH)

    with ThreadPoolExecutor(VISITORS) as threads:
        answers = dict(zip((visitor.name for visitor in visitors), threads.map(visit, visitors), strict=True))
    for name, own in answers.items():
        assert len(own) == REQUESTS_EACH
        for answer in own:
            assert answer["status"] == 200
            assert answer["name"] == name
            assert_same_detections(answer, expected[name])
    ids = {answer["request_id"] for own in answers.values() for answer in own}
    assert len(ids) == VISITORS * REQUESTS_EACH


def assert_same_detections(answer: dict[str, Any], expected: dict[str, Any]) -> None:
    assert [found["label"] for found in answer["detections"]] == [found["label"] for found in expected["detections"]]
    for one, other in zip(answer["detections"], expected["detections"], strict=True):
        assert one["confidence"] == pytest.approx(other["confidence"], abs=CONFIDENCE)
        assert one["box"] == pytest.approx(other["box"], abs=PIXELS)


def assert_all_differ(answers: dict[str, dict[str, Any]]) -> None:
    """Make sure that a swapped answer would be noticed by its detections alone."""
    seen = {json.dumps(answer["detections"]) for answer in answers.values()}
    assert len(seen) == len(answers)
    assert all(answer["detections"] for answer in answers.values())


@contextmanager
def asked_again_and_again(ask: Callable[[], object]) -> Iterator[None]:
    enough = threading.Event()

    def run() -> None:
        while not enough.is_set():
            ask()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        enough.set()
        thread.join(TIMEOUT_S)


def test_status_is_told_while_a_detection_runs(server: GunicornServer, dog: bytes):
    def is_told() -> bool:
        answer = server.client.get("/status_check")
        assert answer.status == 200
        assert answer.json["message"] == "GET request received"
        return answer.json["queue"]["running"] == 1

    with asked_again_and_again(lambda: server.client.detect(dog)):
        wait_until(is_told)


def test_overload_turns_some_away_and_serves_the_others(start_server: StartServer, dog: bytes):
    server = start_server(PAGESIGHT_SLOTS="1", PAGESIGHT_QUEUE="1")
    many = 12
    together = threading.Barrier(many)

    def visit(_: int) -> tuple[int, str | None, Any]:
        together.wait(TIMEOUT_S)
        answer = server.client.detect(dog, annotate="false")
        return answer.status, answer.headers["Retry-After"], answer.json

    with ThreadPoolExecutor(many) as threads:
        answers = list(threads.map(visit, range(many)))
    served = [body for status, _, body in answers if status == 200]
    refused = [(retry_after, body) for status, retry_after, body in answers if status == 503]
    assert len(served) + len(refused) == many
    assert served
    assert refused
    assert all("dog" in {found["label"] for found in body["detections"]} for body in served)
    for retry_after, body in refused:
        assert int(retry_after or 0) >= 1
        assert body["type"] == "urn:pagesight:problem:busy"
    status = server.client.get("/status_check").json
    assert status["queue"] == {"running": 0, "waiting": 0, "capacity": 1}
    assert status["status"] == "online"
