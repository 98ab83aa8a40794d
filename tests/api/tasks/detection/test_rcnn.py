"""api/tasks/detection/rcnn.py: masks and heat maps onto the image, as torchvision lays them."""

import cv2
import numpy as np
import pytest
import torch
from torchvision.models.detection.roi_heads import heatmaps_to_keypoints, paste_masks_in_image

from api.tasks.detection.rcnn import find_outline, make_decode
from api.tasks.detection.types import DetectionOptions, Detections
from api.tasks.letterbox import Letterbox

BOXES = np.array([(20.3, 30.8, 120.1, 90.2), (100.0, 5.5, 199.9, 149.9)], np.float32)
CANVAS = (160, 224)  # (height, width), of which the image fills 150 x 200
LABELS = ("__background__", "person")


def decode(outputs: dict[str, np.ndarray], keypoints: tuple[str, ...] = (), **options: float) -> Detections:
    letterbox = Letterbox((300, 400), (150, 200), CANVAS)
    found: Detections = make_decode({"keypoints": keypoints}, LABELS)(
        {"boxes": BOXES, "labels": np.ones(2, np.float32), "scores": np.array([0.9, 0.4], np.float32), **outputs},
        letterbox,
        DetectionOptions(**options),
    )
    return found


def blob(seed: int) -> np.ndarray:
    """Return a soft mask of 28 x 28 in one part."""
    values = np.random.default_rng(seed).normal(size=(28, 28)).astype(np.float32)
    rows, columns = np.indices((28, 28)) / 27 - 0.5
    smooth = cv2.GaussianBlur(values, (0, 0), 3) * 3 - 30 * (rows**2 + columns**2) + 3
    return np.asarray(1 / (1 + np.exp(-smooth)), np.float32)


@pytest.mark.parametrize("box", (BOXES * 5).tolist())
@pytest.mark.parametrize("seed", range(5))
def test_outline_is_that_of_the_pasted_mask(box: list[float], seed: int):
    mask = blob(seed)
    size = (750, 1000)
    pasted = paste_masks_in_image(torch.from_numpy(mask)[None, None], torch.tensor([box]), size)[0, 0] > 0.5
    drawn = np.zeros(size, np.uint8)
    cv2.fillPoly(drawn, [np.round(find_outline(mask, np.array(box, np.float32))).astype(np.int32)], 1)
    both, one = (drawn > 0) & pasted.numpy(), (drawn > 0) | pasted.numpy()
    assert both.sum() / one.sum() > 0.98  # torchvision rounds the box to whole pixels


def test_keypoints_are_torchvisions():
    maps = torch.randn(2, 3, 56, 56, generator=torch.Generator().manual_seed(0))
    expected, scores = heatmaps_to_keypoints(maps, torch.from_numpy(BOXES))
    found = decode({"heatmaps": maps.numpy()}, ("nose", "left_eye", "right_eye"))
    for one, places, logits in zip(found.detections, expected.numpy(), scores, strict=True):
        assert [point.name for point in one.keypoints] == ["nose", "left_eye", "right_eye"]
        np.testing.assert_allclose([(point.x, point.y) for point in one.keypoints], places[:, :2] * 2, atol=1e-3)
        assert [point.confidence for point in one.keypoints] == pytest.approx(logits.sigmoid().tolist(), abs=1e-4)


def test_box_is_in_pixels_of_the_image_and_less_sure_ones_are_left_out():
    (only,) = decode({}, confidence=0.5).detections
    assert (only.label, only.class_id, only.polygon, only.keypoints) == ("person", 1, (), ())
    assert [only.box.x1, only.box.y1, only.box.x2, only.box.y2] == pytest.approx((BOXES[0] * 2).tolist())
