"""The Python client against a real server: what it returns, and what it says when something is wrong."""

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pagesight import (
    AnyAnswer,
    AsyncClient,
    ClassificationAnswer,
    Client,
    DetectionAnswer,
    Keypoint,
    Models,
    Refused,
    Retries,
    SegmentationAnswer,
    Track,
    Unreachable,
)
from pagesight.from_json import UnexpectedJson, from_json, to_json

from harness.gunicorn_server import GunicornServer, listen
from harness.http_client import encode_form
from harness.pictures import encode, make_upright

PHOTO = encode(make_upright(), "JPEG")
AT_ONCE = Retries(patience_s=0)


@pytest.fixture(scope="module")
def client(small_server: GunicornServer) -> Iterator[Client]:
    with Client(small_server.url) as client:
        yield client


def test_each_task_has_its_type(client: Client):
    assert isinstance(client.detect(PHOTO), DetectionAnswer)
    classes = client.classify(PHOTO, top=2)
    assert isinstance(classes, ClassificationAnswer)
    assert [label.class_id for label in classes.classes] != []
    assert len(classes.classes) == 2
    segments = client.segment(PHOTO).segments
    assert segments.mask.startswith(b"\x89PNG")
    assert sum(share.share for share in segments.labels) == pytest.approx(1, abs=1e-3)
    assert isinstance(client.ask(PHOTO, model="areas"), SegmentationAnswer)


def test_drawn_picture_comes_if_it_is_asked_for(client: Client):
    assert client.detect(PHOTO).image is None
    drawn = client.detect(PHOTO, annotate=True).image
    assert drawn
    assert drawn.startswith(b"\xff\xd8")


@pytest.mark.parametrize("fields", [{"model": "ants", "candidates": "true", "blur": "all"}, {"model": "areas"},
                                    {"model": "colour", "explain": "true"}, {"model": "coloured"}])  # fmt: skip
def test_answer_holds_all_that_the_server_says(small_server: GunicornServer, client: Client, fields: dict[str, str]):
    body, headers = encode_form(PHOTO, **fields)
    said = json.loads(small_server.client.request("POST", "/", body, headers).body)
    said["timings_ms"].pop("explain", None)  # stages that few requests have are not typed
    kind = type(client.ask(PHOTO, model=fields["model"]))
    assert to_json(from_json(kind, said)) == said


def test_chain_says_more_of_a_detection(client: Client):
    answer = client.detect(PHOTO, model="coloured", confidence=0.01)
    attributes = answer.detections[0].attributes
    assert attributes
    assert attributes["colour"].classes
    assert answer.timings_ms.steps
    assert [step.model for step in answer.timings_ms.steps] == ["ants", "colour"]


def test_file_is_sent_with_its_name(client: Client, tmp_path: Path):
    photo = tmp_path / "Hündin.jpg"
    photo.write_bytes(PHOTO)
    assert client.detect(photo).name == "Hündin.jpg"
    with pytest.raises(FileNotFoundError):
        client.detect(tmp_path / "none.jpg")


def test_server_says_what_it_is(client: Client):
    assert client.status().status == "online"
    cards = {card.name: card for card in client.models().models}
    assert cards["coloured"].chain
    assert cards["coloured"].chain[1].attach == "colour"
    assert client.labels() == ("ant", "bee")
    assert client.labels("areas") == cards["areas"].labels


@pytest.mark.parametrize(
    ("photo", "options", "status", "words"),
    [
        (b"no image", {}, 415, "send a photograph as JPEG"),
        (PHOTO[:-100], {}, 422, "cut off|damaged|truncated"),
        (PHOTO, {"confidence": 2.0}, 400, "confidence"),
        (PHOTO, {"model": "yolov9"}, 404, "has these models: ants"),
    ],
)
def test_refusal_is_told_in_the_servers_words(client: Client, photo: bytes, options: dict, status: int, words: str):
    with pytest.raises(Refused, match=words) as caught:
        client.detect(photo, **options)
    assert caught.value.status == status
    assert caught.value.problem.request_id


def test_absent_server_is_told():
    with listen() as listener:
        port = listener.getsockname()[1]
    with (
        Client(f"http://127.0.0.1:{port}", retries=AT_ONCE) as client,
        pytest.raises(Unreachable, match=f"Nothing answers at http://127.0.0.1:{port}/"),
    ):
        client.detect(PHOTO)


@pytest.mark.parametrize("url", ["detector.example.org", "ftp://detector.example.org", "https://"])
def test_address_that_is_none_is_told(url: str):
    with pytest.raises(ValueError, match="is no address of a server"):
        Client(url)


def test_other_server_is_told(small_server: GunicornServer):
    with Client(f"{small_server.url}/elsewhere") as client, pytest.raises(Refused, match="There is nothing at this"):
        client.status()


@pytest.mark.parametrize(
    ("kind", "json", "words"),
    [
        (Keypoint, {"name": "eye", "x": "1", "y": 2, "confidence": 1}, r"Keypoint\.x: '1' is no float"),
        (Keypoint, {"name": "eye", "x": True, "y": 2, "confidence": 1}, r"Keypoint\.x: True is no float"),
        (Keypoint, {"name": "eye", "x": 1, "y": 2}, "Keypoint lacks confidence"),
        (Track, {"id": 1, "path": [[1, 2]]}, "Track lacks label"),
        (AnyAnswer, {"task": "singing"}, "'singing' is no task that this client knows"),
        (Models, [], "Models is not an object"),
    ],
)
def test_json_of_another_shape_is_told(kind: type, json: object, words: str):
    with pytest.raises(UnexpectedJson, match=words):
        from_json(kind, json)


def test_async_client_answers_many_at_once(small_server: GunicornServer):
    async def ask() -> list[DetectionAnswer]:
        async with AsyncClient(small_server.url, at_once=3) as client:
            return await asyncio.gather(*[client.detect(PHOTO) for _ in range(20)])

    with ThreadPoolExecutor(1) as thread:  # in the tests' own thread a browser's loop may run
        answers = thread.submit(asyncio.run, ask()).result()
    assert len({answer.request_id for answer in answers}) == 20
