"""tests/e2e/screenshots.py: the README's picture is a true one, of a scene that nobody photographed."""

import io

import numpy as np
import pytest
from PIL import Image

from api.models.model import Model
from api.tasks.detection.types import DetectionOptions
from tests.e2e.drawn_scene import HEIGHT, WIDTH, draw_scene
from tests.e2e.screen import Screen
from tests.e2e.screenshots import README_PICTURE, README_VIEW, picture_for_readme

SIZE_MAX_BYTES = 500_000


def test_model_finds_what_is_drawn(model: Model) -> None:
    found = model.run(np.array(draw_scene()), DetectionOptions(confidence=0.3, iou=0.45)).detections
    centres = {item.label: ((item.box.x1 + item.box.x2) / 2, (item.box.y1 + item.box.y2) / 2) for item in found}
    drawn = {"stop sign": (265, 395), "traffic light": (975, 370), "clock": (635, 545), "kite": (600, 150)}
    assert set(centres) == set(drawn)
    for label, place in drawn.items():
        assert centres[label] == pytest.approx(place, abs=max(WIDTH, HEIGHT) / 12), label


def test_picture_for_the_readme_shows_the_result_and_no_photograph(screen: Screen) -> None:
    picture = picture_for_readme(screen)
    assert len(picture) < SIZE_MAX_BYTES
    assert {label for label, _ in screen.found()} == {"stop sign", "traffic light", "clock", "kite"}
    assert not screen.page.locator(".example-picture").first.is_visible()
    with Image.open(io.BytesIO(picture)) as image:
        assert image.format == "PNG"
        assert image.width == README_VIEW["width"]


def test_readme_has_its_picture() -> None:
    assert README_PICTURE.stat().st_size < SIZE_MAX_BYTES
    with Image.open(README_PICTURE) as image:
        assert image.width == README_VIEW["width"]
