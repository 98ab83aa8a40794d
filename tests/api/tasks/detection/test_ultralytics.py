import numpy as np
import pytest

from api.tasks.detection.types import DetectionOptions
from api.tasks.detection.ultralytics import Layout, decode_ultralytics
from api.tasks.letterbox import Letterbox

LETTERBOX = Letterbox.centred((300, 400), (160, 224))
LABELS = ("cat", "dog")
OPTIONS = DetectionOptions(confidence=0.5)
BOX = (110, 80, 40, 30)  # centre and size on the canvas


def test_fractions_of_the_canvas_and_masks_last_are_the_same_as_pixels_and_masks_first() -> None:
    """TFLite files have the former, ONNX files the latter."""
    column = np.array([[[*BOX, 0.1, 0.9, 2.0, -1.0]]], np.float32).transpose(0, 2, 1)
    masks = np.random.default_rng(1).normal(size=(1, 2, 10, 14)).astype(np.float32)
    masks[:, 0] = 1
    layout = Layout(version=8, end_to_end=False, task="segment")
    expected = decode_ultralytics({"a": column, "b": masks}, LETTERBOX, OPTIONS, layout=layout, labels=LABELS)
    column[:, :4] /= np.array([224, 160, 224, 160], np.float32)[None, :, None]
    layout = Layout(version=8, end_to_end=False, task="segment", fractions=True, masks_last=True)
    last = {"b": masks.transpose(0, 2, 3, 1), "a": column}
    (found,) = decode_ultralytics(last, LETTERBOX, OPTIONS, layout=layout, labels=LABELS).detections
    (one,) = expected.detections
    assert (found.label, found.confidence, len(found.polygon)) == (one.label, one.confidence, len(one.polygon))
    np.testing.assert_allclose(found.polygon, one.polygon, atol=1e-3)


def test_fractions_count_for_key_points_too() -> None:
    row = np.array([[[0.25, 0.25, 0.5, 0.75, 0.9, 1, 0.5, 0.5, 0.75, 0.25]]], np.float32)
    layout = Layout(version=8, end_to_end=True, task="pose", keypoints=("a", "b"), has_confidence=False, fractions=True)
    (found,) = decode_ultralytics({"a": row}, LETTERBOX, OPTIONS, layout=layout, labels=LABELS).detections
    points = np.array([(point.x, point.y) for point in found.keypoints], np.float32)
    expected = LETTERBOX.points_to_image(np.array([(112, 80), (168, 40)], np.float32))
    np.testing.assert_allclose(points, expected, atol=1e-3)


@pytest.mark.parametrize("task", ["detect", "segment", "pose", "obb"])
@pytest.mark.parametrize("end_to_end", [True, False])
def test_nothing_found_is_an_empty_list(task: str, end_to_end: bool) -> None:
    layout = Layout(version=8, end_to_end=end_to_end, task=task, keypoints=("a", "b") if task == "pose" else ())
    extras = {"detect": 0, "segment": 2, "pose": 6, "obb": 1}[task]
    shape = (1, 300, 6 + extras) if end_to_end else (1, 4 + len(LABELS) + extras, 735)
    outputs = {"a": np.zeros(shape, np.float32), "b": np.zeros((1, 2, 10, 14), np.float32)}
    assert decode_ultralytics(outputs, LETTERBOX, OPTIONS, layout=layout, labels=LABELS).detections == []
    everything = DetectionOptions(confidence=0)
    assert decode_ultralytics(outputs, LETTERBOX, everything, layout=layout, labels=LABELS).detections == []
