"""What a visitor reads when it goes wrong: what happened and what to do, never what a server wrote to a machine."""

# ruff: noqa: RUF001, the page has typographic signs

import json
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from harness.gunicorn_server import GunicornServer
from harness.pictures import encode, make_upright, png_header
from tests.e2e.complaints import Complaints
from tests.e2e.screen import Screen

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10"/></svg>'
HEIC_START = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
RAW = "Traceback: /srv/secret.py"
GARBLED = {
    "a success that is a web page": (200, f"<h1>{RAW}</h1>", "text/html"),
    "a success without an image": (200, json.dumps({"name": RAW, "detections": []}), "application/json"),
    "a success whose image is none": (
        200,
        json.dumps({"name": RAW, "image": "data:image/jpeg;base64,AAAA", "width": 1, "height": 1, "model": "m",
                    "detections": [], "timings_ms": {}}),
        "application/json",
    ),
    "nothing at all": (200, "", "application/json"),
}  # fmt: skip
FAILURES = [
    (500, "The server failed", True),
    (502, "The server can’t be reached", True),
    (503, "The server is busy", True),
    (504, "The server took too long", True),
    (429, "Too many photos at once", True),
    (413, "This file is too large", False),
    (415, "This is not a photo that can be read", False),
    (400, "The server refused the request", False),
]


@pytest.mark.parametrize(
    ("data", "name", "media_type", "title"),
    [
        (b"Dear diary,\ntoday I saw a dog.\n", "diary.txt", "text/plain", "This is not a photo that can be read"),
        (b"Dear diary,\ntoday I saw a dog.\n", "diary.jpg", "image/jpeg", "This is not a photo that can be read"),
        (SVG, "logo.svg", "image/svg+xml", "This is not a photo that can be read"),
        (SVG, "logo.png", "image/png", "This is not a photo that can be read"),
        (b"%PDF-1.7\n", "letter.pdf", "application/pdf", "This is not a photo that can be read"),
        (b"", "empty.jpg", "image/jpeg", "This file is empty"),
        (HEIC_START + bytes(11_000_000), "IMG_1.HEIC", "image/heic", "This file is too large"),
    ],
)
def test_file_that_is_no_photo_is_refused_without_asking_the_server(
    screen: Screen, data: bytes, name: str, media_type: str, title: str
) -> None:
    held = screen.hold_detections()
    screen.choose(data, name=name, media_type=media_type)
    screen.await_error(title)
    assert not held
    expect(screen.retry).to_be_hidden()
    expect(screen.page.get_by_text("Choose a photo", exact=True)).to_be_visible()


def test_truncated_jpeg_is_refused(screen: Screen, complaints: Complaints, dog: bytes) -> None:
    complaints.expect(r"status of 422")
    screen.choose(dog[: len(dog) // 3])
    screen.await_error("This photo can’t be used")
    expect(screen.error).to_contain_text("The image is cut off or damaged")


def test_photo_of_too_many_pixels_is_refused(screen: Screen, complaints: Complaints) -> None:
    complaints.expect(r"status of 422")
    screen.choose(png_header(6_000, 5_000), name="huge.png")
    screen.await_error("This photo can’t be used")
    expect(screen.error).to_contain_text("6000 x 5000")


def test_after_an_error_the_next_photo_is_worked_on(screen: Screen, photographs: dict[str, Path]) -> None:
    screen.choose(SVG, name="logo.svg")
    screen.await_error("This is not a photo that can be read")
    screen.choose(photographs["dog"])
    screen.await_result()
    expect(screen.page.locator("#error-sheet")).to_be_hidden()
    expect(screen.error).to_be_empty()


@pytest.mark.parametrize(("status", "title", "retry"), FAILURES)
def test_failing_server_is_explained_without_its_own_words(
    screen: Screen, complaints: Complaints, status: int, title: str, retry: bool
) -> None:
    complaints.expect(rf"status of {status}")
    screen.answer_detections(status, f"<html><h1>{RAW}</h1></html>", "text/html")
    screen.choose(encode(make_upright(), "JPEG"))
    screen.await_error(title)
    expect(screen.page.locator("body")).not_to_contain_text("Traceback")
    expect(screen.retry).to_be_visible(visible=retry)
    expect(screen.reset).to_be_visible()


@pytest.mark.parametrize("garbled", GARBLED)
def test_answer_that_makes_no_sense_is_no_result(screen: Screen, garbled: str) -> None:
    status, body, media_type = GARBLED[garbled]
    screen.answer_detections(status, body, media_type)
    screen.choose(encode(make_upright(), "JPEG"))
    screen.await_error("The server’s answer makes no sense")
    expect(screen.page.locator("body")).not_to_contain_text("Traceback")
    expect(screen.items).to_have_count(0)


def test_labels_of_the_server_are_text_and_never_markup(screen: Screen, server: GunicornServer, dog: bytes) -> None:
    answer = server.client.detect(dog).json
    answer["name"] = answer["detections"][0]["label"] = "<img src=x onerror=alert(1)><b>dog</b>"
    screen.answer_detections(200, json.dumps(answer))
    screen.choose(dog)
    assert screen.await_result()[0][0] == "<img src=x onerror=alert(1)><b>dog</b>"
    expect(screen.page.locator("main b, main img[src=x]")).to_have_count(0)


def test_server_error_gives_its_reference(screen: Screen, complaints: Complaints) -> None:
    complaints.expect(r"status of 500")
    reference = os.urandom(16).hex()
    problem = {"type": "about:blank", "status": 500, "detail": RAW, "request_id": reference}
    screen.answer_detections(500, json.dumps(problem), "application/problem+json")
    screen.choose(encode(make_upright(), "JPEG"))
    screen.await_error("The server failed")
    expect(screen.error).to_have_text(re.compile(f"Reference {reference}$"))
    expect(screen.error).not_to_contain_text("Traceback")
