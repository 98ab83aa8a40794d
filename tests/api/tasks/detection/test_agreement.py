"""How far two runs of a detector agree, by numbers that one can work out on paper."""

from pathlib import Path

import pytest

from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.models.model import Model
from api.tasks.detection.agreement import COMPARISON, measure_agreement
from api.tasks.detection.types import Box, Detection, Detections
from api.tasks.registry import TASKS
from api.tasks.task import Agreement

SQUARE = Box(0, 0, 10, 10)
HALF_BESIDE = Box(2.5, 0, 12.5, 10)  # IoU 7.5 / 12.5 = 0.6
FAR = Box(50, 50, 60, 60)


def found(*things: tuple[int, float, Box]) -> Detections:
    return Detections(
        [Detection(f"class {class_id}", class_id, confidence, box) for class_id, confidence, box in things]
    )


DOG = (0, 0.8, SQUARE)


@pytest.mark.parametrize(
    ("first", "second", "share"),
    [
        (found(DOG), found(DOG), 1.0),
        (found(), found(), 1.0),
        (found(DOG), found(), 0.0),
        (found(), found(DOG), 0.0),
        (found(DOG), found((1, 0.8, SQUARE)), 0.0),  # another class
        (found(DOG), found((0, 0.8, FAR)), 0.0),  # elsewhere
        (found(DOG), found((0, 0.4, SQUARE)), 2 * 0.4 / 1.2),
        (found(DOG), found((0, 0.8, HALF_BESIDE)), 0.6),
        (found(DOG, (0, 0.2, FAR)), found(DOG), 2 * 0.8 / 1.8),
        # Of two that overlap one, the nearer is its pair, though it is the less confident.
        (found(DOG), found((0, 0.9, HALF_BESIDE), (0, 0.4, SQUARE)), 2 * 0.4 / 2.1),
    ],
)
def test_share_of_one_image(first: Detections, second: Detections, share: float):
    assert measure_agreement([(first, second)]).share == pytest.approx(share)
    assert measure_agreement([(second, first)]).share == pytest.approx(share)


def test_images_count_by_what_is_in_them():
    pairs = [
        (found(DOG, (0, 0.8, FAR)), found(DOG, (0, 0.8, FAR))),
        (found((1, 0.4, SQUARE)), found()),
        (found(), found()),
    ]
    assert measure_agreement(pairs) == Agreement(pytest.approx(3.2 / 3.6), 3)


def test_no_image_agrees():
    assert measure_agreement([]) == Agreement(1.0, 0)


def test_real_model_agrees_with_itself_and_not_with_itself_upside_down(model: Model, photographs: dict[str, Path]):
    pictures = [
        decode_image(path.read_bytes(), orientation=None, limits=ImageLimits()).pixels for path in photographs.values()
    ]
    upright = [model.run(pixels, COMPARISON.options) for pixels in pictures]
    turned = [model.run(pixels[::-1], COMPARISON.options) for pixels in pictures]
    agreement = measure_agreement(zip(upright, upright, strict=True))
    assert agreement.share == pytest.approx(1)
    assert agreement.found > 20
    assert measure_agreement(zip(upright, turned, strict=True)).share < 0.5


def test_task_names_it():
    assert TASKS["detection"].comparison is COMPARISON
