"""The page's suppression of candidates (site/src/tasks/detection/nms.js) against the API's, on what the model finds."""

import io
import json
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image

from harness.gunicorn_server import PROJECT

SETS = 100
SUPPRESS = """
import { suppress } from './site/src/tasks/detection/nms.js';
import { readFileSync } from 'node:fs';
const fromJson = ({ class_id: classId, ...rest }) => ({ classId, ...rest });
const toJson = ({ classId, ...rest }) => ({ class_id: classId, ...rest });
const sets = JSON.parse(readFileSync(0, 'utf8'));
console.log(JSON.stringify(sets.map(({ candidates, confidence, iou, max_detections }) =>
  suppress(candidates.map(fromJson), { confidence, iou, maxDetections: max_detections }).map(toJson))));
"""

Answer = dict[str, Any]


def some_pictures(photographs: dict[str, Path]) -> Iterator[bytes]:
    """Cuts of the photographs, some mirrored, in many sizes: the same ones every time."""
    choose = random.Random(5)
    while True:
        for path in photographs.values():
            with Image.open(path) as photograph:
                width, height = (side * choose.uniform(0.35, 1) for side in photograph.size)
                left, top = choose.uniform(0, photograph.width - width), choose.uniform(0, photograph.height - height)
                cut = photograph.crop((round(left), round(top), round(left + width), round(top + height)))
            size = choose.randint(160, 1280)
            cut.thumbnail((size, size))
            pixels = np.asarray(cut)[:, :: choose.choice((1, -1))]
            jpeg = io.BytesIO()
            Image.fromarray(pixels).save(jpeg, "JPEG", quality=90)
            yield jpeg.getvalue()


@pytest.fixture(scope="module")
def asked() -> list[dict[str, Any]]:
    choose = random.Random(6)
    return [
        {
            "confidence": choose.choice((0.05, 0.06, 0.1, 0.25, round(choose.uniform(0.05, 0.7), 2))),
            "iou": choose.choice((0.0, 1.0, 0.45, round(choose.uniform(0.05, 0.95), 2))),
            "max_detections": choose.choice((3, 100, 1000)),
        }
        for _ in range(SETS)
    ]


@pytest.fixture
def answers(client: FlaskClient, photographs: dict[str, Path], asked: list[dict[str, Any]]) -> list[Answer]:
    def ask(picture: bytes, fields: dict[str, Any]) -> Answer:
        form = {**fields, "file": (io.BytesIO(picture), "cut.jpg"), "candidates": "true", "annotate": "false"}
        answer = client.post("/", data=form)
        assert answer.status_code == 200, answer.text
        return answer.json

    return [ask(picture, fields) for picture, fields in zip(some_pictures(photographs), asked, strict=False)]


def suppress_in_the_page(sets: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    command = ["node", "--input-type=module", "--eval", SUPPRESS]
    done = subprocess.run(command, cwd=PROJECT, input=json.dumps(sets), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_the_page_suppresses_as_the_api_does(answers: list[Answer], asked: list[dict[str, Any]]):
    sets = [{**fields, "candidates": answer["candidates"]} for answer, fields in zip(answers, asked, strict=True)]
    assert suppress_in_the_page(sets) == [answer["detections"] for answer in answers]
    # There was something to suppress, something to cut off and something to keep.
    dropped = [len(one["candidates"]) - len(answer["detections"]) for one, answer in zip(sets, answers, strict=True)]
    assert sum(count > 0 for count in dropped) > SETS / 2
    assert sum(len(answer["detections"]) for answer in answers) > 3 * SETS
