"""What the real model finds in real photographs, asked over HTTP as a program would."""

import base64
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from harness.gunicorn_server import GunicornServer
from harness.pictures import encode, store

Detections = list[dict[str, Any]]
PIXELS = 3  # how far an edge may move when a JPEG is encoded anew
CONFIDENCE = 0.05  # how much the confidence may change with it


def confident(detections: Detections, at_least: float) -> list[str]:
    return [found["label"] for found in detections if found["confidence"] >= at_least]


def find(server: GunicornServer, image: bytes, **fields: str) -> Detections:
    answer = server.client.detect(image, annotate="false", **fields)
    assert answer.status == 200
    return answer.json["detections"]


def test_dog_has_a_dog_a_bicycle_and_a_vehicle(server: GunicornServer, dog: bytes):
    labels = confident(find(server, dog), 0.3)
    assert {"dog", "bicycle"} <= set(labels)
    assert {"car", "truck"} & set(labels)


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("horses", {"horse"}),
        ("person", {"person", "dog", "horse"}),
        ("eagle", {"bird"}),
        ("giraffe", {"giraffe", "zebra"}),
        ("kite", {"kite", "person"}),
    ],
)
def test_photograph_has_what_is_in_it(
    server: GunicornServer, photographs: dict[str, Path], name: str, labels: set[str]
):
    assert labels <= set(confident(find(server, photographs[name].read_bytes()), 0.4))


def assert_same_found(detections: Detections, expected: Detections) -> None:
    """Compare without regard to order: two of nearly the same confidence may change places."""
    by_place = [sorted(found, key=lambda one: (one["label"], one["box"]["x1"])) for found in (detections, expected)]
    assert [one["label"] for one in by_place[0]] == [one["label"] for one in by_place[1]]
    for one, other in zip(*by_place, strict=True):
        assert one["confidence"] == pytest.approx(other["confidence"], abs=CONFIDENCE)
        assert one["box"] == pytest.approx(other["box"], abs=PIXELS)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("told", ["by the tag", "by the field", "by both"])
def test_all_orientations_give_the_same(server: GunicornServer, dog: bytes, orientation: int, told: str):
    with Image.open(io.BytesIO(dog)) as photograph:
        stored = store(np.asarray(photograph), orientation)
    image = encode(stored, "JPEG", orientation=None if told == "by the field" else orientation)
    fields = {} if told == "by the tag" else {"orientation": str(orientation)}
    assert_same_found(find(server, image, **fields), find(server, dog))


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "HEIF", "AVIF", "BMP"])
def test_all_formats_give_the_same(server: GunicornServer, dog: bytes, kind: str):
    with Image.open(io.BytesIO(dog)) as photograph:
        assert_same_found(find(server, encode(photograph, kind)), find(server, dog))


def test_boxes_are_in_the_upright_image(server: GunicornServer, photographs: dict[str, Path]):
    for path in photographs.values():
        answer = server.client.detect(path.read_bytes(), annotate="false", confidence="0.01").json
        for found in answer["detections"]:
            box = found["box"]
            assert 0 <= box["x1"] < box["x2"] <= answer["width"]
            assert 0 <= box["y1"] < box["y2"] <= answer["height"]


def test_labels_are_lettered_for_the_width_at_which_they_are_shown(server: GunicornServer, dog: bytes):
    pictures = [
        server.client.detect(dog, **fields).json["image"]
        for fields in ({}, {"display_width": "768"}, {"display_width": "240"})
    ]
    decoded = [np.asarray(Image.open(io.BytesIO(base64.b64decode(text.partition(",")[2])))) for text in pictures]
    untouched = [int((np.abs(one.astype(int) - decoded[0]).max(axis=2) > 40).sum()) for one in decoded]
    assert untouched[0] <= untouched[1] < untouched[2]
