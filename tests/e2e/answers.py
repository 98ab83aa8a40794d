"""Answers of an API that the tests make up: many boxes, or whatever a hostile server would send."""

import base64
import random
from typing import Any

from harness.pictures import encode, make_upright

LABELS = ("person", "bicycle", "car", "bird", "dog", "kite", "boat", "chair", "cup", "book")
WIDTH, HEIGHT = 1280, 960
SMALLEST, LARGEST = 24, 180
LOWEST, HIGHEST = 0.06, 0.99


def make_answer(**changes: Any) -> dict[str, Any]:
    """Return an answer as openapi.yaml describes it, with nothing found unless `changes` say so."""
    picture = base64.b64encode(encode(make_upright(HEIGHT, WIDTH), "JPEG")).decode()
    return {
        "name": "photo.jpg",
        "image": f"data:image/jpeg;base64,{picture}",
        "width": WIDTH,
        "height": HEIGHT,
        "detections": [],
        "candidates": [],
        "model": "yolov3-tiny",
        "timings_ms": {"decode": 5.0, "inference": 40.0, "render": 4.0, "queue": 0.0},
        "request_id": "r-1",
    } | changes


def make_detections(count: int, *, seed: int = 1) -> list[dict[str, Any]]:
    """Return that many boxes all over the picture, most confident first, as evenly sure as can be."""
    chance = random.Random(seed)
    detections = []
    for place in range(count):
        class_id = chance.randrange(len(LABELS))
        width, height = chance.uniform(SMALLEST, LARGEST), chance.uniform(SMALLEST, LARGEST)
        x1, y1 = chance.uniform(0, WIDTH - width), chance.uniform(0, HEIGHT - height)
        confidence = HIGHEST - (HIGHEST - LOWEST) * place / max(1, count - 1)
        detections.append(make_detection(LABELS[class_id], class_id, confidence, (x1, y1, x1 + width, y1 + height)))
    return detections


def make_detection(
    label: str = "dog", class_id: int = 16, confidence: float = 0.9, box: tuple[float, ...] = (100, 100, 400, 400)
) -> dict[str, Any]:
    return {
        "label": label,
        "class_id": class_id,
        "confidence": confidence,
        "box": dict(zip(("x1", "y1", "x2", "y2"), box, strict=True)),
    }
