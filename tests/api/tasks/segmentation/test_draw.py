"""The drawn picture and the mask of a segmented image."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from api.tasks.drawing.colours import class_colour
from api.tasks.segmentation.draw import TINT, draw_segments
from api.tasks.segmentation.segmenter import find_segments
from api.tasks.segmentation.task import to_json, to_text
from api.tasks.segmentation.types import SegmentationOptions, Segments

LABELS = ("background", "cat", "dog")


def segmented(class_map: np.ndarray, background: int | None = 0) -> Segments:
    return Segments(class_map, find_segments(class_map, LABELS), background)


def halves(height: int, width: int, dtype: type = np.uint8) -> np.ndarray:
    """Return a map whose left half is background and whose right half is a dog."""
    class_map = np.zeros((height, width), dtype)
    class_map[:, width // 2 :] = 2
    return class_map


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_classes_are_tinted_and_background_is_not(dtype: type) -> None:
    image = np.full((600, 400, 3), 100, np.uint8)
    drawn = draw_segments(image, segmented(halves(600, 400, dtype)))
    assert (image == 100).all()
    assert (drawn[300:, :190] == 100).all()
    expected = [round(100 * (1 - TINT) + level * TINT) for level in class_colour(2)]
    assert np.abs(drawn[300:, 210:].astype(int) - expected).max() <= 1
    assert (drawn[300:, 195:205] == 255).any(axis=1).all()  # the line between both
    assert (drawn[:60] == class_colour(2)).all(axis=2).any()  # the legend


def test_without_background_all_is_tinted() -> None:
    image = np.full((600, 400, 3), 100, np.uint8)
    drawn = draw_segments(image, segmented(halves(600, 400), background=None))
    assert (drawn[300:, :190] != 100).all()


def test_only_background_leaves_the_picture_as_it_is() -> None:
    image = np.random.default_rng(1).integers(0, 255, (300, 400, 3), dtype=np.uint8)
    assert np.array_equal(draw_segments(image, segmented(np.zeros((300, 400), np.uint8))), image)


@pytest.mark.parametrize("size", [(1, 1), (1, 400), (400, 1), (3, 5), (37, 1000), (257, 10)])
@pytest.mark.parametrize("display_width", [None, 100, 10_000])
def test_draws_on_any_size(size: tuple[int, int], display_width: int | None) -> None:
    image = np.zeros((*size, 3), np.uint8)
    drawn = draw_segments(image, segmented(halves(*size)), display_width=display_width)
    assert drawn.shape == image.shape
    assert drawn.any()


@pytest.mark.parametrize(("dtype", "mode"), [(np.uint8, "P"), (np.uint16, "I;16")])
def test_the_masks_values_are_the_class_ids(dtype: type, mode: str) -> None:
    class_map = halves(30, 50, dtype)
    answer = to_json(segmented(class_map), SegmentationOptions())["segments"]
    with Image.open(io.BytesIO(base64.b64decode(answer["mask"].removeprefix("data:image/png;base64,")))) as mask:
        assert (mask.format, mask.mode, mask.size) == ("PNG", mode, (50, 30))
        assert np.array_equal(np.asarray(mask), class_map)
        if mode == "P":
            assert mask.convert("RGB").getpixel((0, 0)) == (0, 0, 0)
            assert mask.convert("RGB").getpixel((49, 0)) == class_colour(2)


def test_as_json_and_as_text() -> None:
    class_map = halves(30, 50)
    class_map[:20] = 2
    answer = to_json(segmented(class_map), SegmentationOptions())["segments"]
    assert {key: value for key, value in answer.items() if key != "mask"} == {
        "labels": [
            {"label": "dog", "class_id": 2, "share": pytest.approx(5 / 6, abs=1e-6)},
            {"label": "background", "class_id": 0, "share": pytest.approx(1 / 6, abs=1e-6)},
        ],
        "background": 0,
        "width": 50,
        "height": 30,
    }
    assert to_text(segmented(class_map)) == " 83.3%  dog\n 16.7%  background\n"
