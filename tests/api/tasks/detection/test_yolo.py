import numpy as np
import pytest

from api.tasks.detection.predictions import MAX_PREDICTIONS, Predictions, clip, suppress
from api.tasks.detection.yolo import Head, decode_heads

HEAD = Head(anchors=((10, 20), (40, 30)), classes=3, scale_x_y=1.0, new_coords=False)
CANVAS = (64, 96)


def logit(probability: float) -> float:
    return float(np.log(probability / (1 - probability)))


def empty_head(head: Head = HEAD, rows: int = 2, columns: int = 3) -> np.ndarray:
    return np.full((1, head.channels, rows, columns), -20, np.float32)


def put(raw: np.ndarray, anchor: int, row: int, column: int, *values: float) -> None:
    count = len(values)
    raw[0, anchor * count : (anchor + 1) * count, row, column] = values


def predictions(*rows: tuple[tuple[float, float, float, float], float, int]) -> Predictions:
    boxes, confidences, class_ids = zip(*rows, strict=True)
    return Predictions(
        np.array(boxes, np.float32),
        np.array(confidences, np.float32),
        np.array(class_ids),
    )


def test_decodes_a_cell_to_pixels_of_the_canvas() -> None:
    raw = empty_head()
    put(raw, 1, 1, 2, logit(0.25), logit(0.75), np.log(2), np.log(0.5), logit(0.8), -20, logit(0.5), -20)
    found = decode_heads({"yolo": raw}, [HEAD], CANVAS, 0.1).best()
    # cells are 32 x 32: centre (2.25, 1.75) x 32, anchor (40, 30) doubled in width and halved in height
    assert found.boxes_xyxy.tolist() == [pytest.approx([72 - 40, 56 - 7.5, 72 + 40, 56 + 7.5], abs=1e-4)]
    assert found.confidences.tolist() == pytest.approx([0.8 * 0.5])
    assert found.class_ids.tolist() == [1]


def test_scale_x_y_widens_the_reach_of_a_cell() -> None:
    raw = empty_head()
    put(raw, 0, 0, 0, 20.0, -20.0, 0.0, 0.0, 20.0, 20.0, -20.0, -20.0)
    scaled = Head(HEAD.anchors, HEAD.classes, scale_x_y=1.2, new_coords=False)
    found = decode_heads({"yolo": raw}, [scaled], CANVAS, 0.5).best()
    x1, y1, x2, y2 = found.boxes_xyxy[0].tolist()
    assert ((x1 + x2) / 2, (y1 + y2) / 2) == pytest.approx((1.1 * 32, -0.1 * 32), abs=1e-4)


def test_new_coords_are_taken_as_activated_and_squared() -> None:
    head = Head(HEAD.anchors, HEAD.classes, scale_x_y=2.0, new_coords=True)
    raw = np.zeros((1, head.channels, 2, 3), np.float32)
    put(raw, 0, 0, 1, 0.5, 0.5, 0.75, 0.5, 0.9, 0.0, 0.0, 0.6)
    found = decode_heads({"yolo": raw}, [head], CANVAS, 0.1).best()
    half_width = (2 * 0.75) ** 2 * 10 / 2
    assert found.boxes_xyxy.tolist() == [pytest.approx([48 - half_width, 16 - 10, 48 + half_width, 16 + 10], abs=1e-4)]
    assert found.confidences.tolist() == pytest.approx([0.9 * 0.6])


def test_a_box_counts_for_each_class_that_passes_most_confident_first() -> None:
    raw = empty_head()
    put(raw, 0, 0, 0, 0, 0, 0, 0, logit(0.9), logit(0.4), -20, logit(0.8))
    found = decode_heads({"yolo": raw}, [HEAD], CANVAS, 0.3).best()
    assert found.class_ids.tolist() == [2, 0]
    assert found.confidences.tolist() == pytest.approx([0.72, 0.36])


def test_a_confidence_of_exactly_the_threshold_passes() -> None:
    head = Head(HEAD.anchors, HEAD.classes, scale_x_y=1.0, new_coords=True)
    raw = np.zeros((1, head.channels, 2, 3), np.float32)
    put(raw, 0, 0, 0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.0, 0.0)
    assert len(decode_heads({"yolo": raw}, [head], CANVAS, 0.25).best()) == 1


def test_nothing_found_is_empty_and_not_an_error() -> None:
    found = suppress(decode_heads({"yolo": empty_head()}, [HEAD], CANVAS, 0.25).best(), iou=0.5, max_detections=10)
    assert len(clip(found, CANVAS)) == 0


def test_confidence_0_is_bounded() -> None:
    raw = np.random.default_rng(0).standard_normal((1, HEAD.channels, 60, 60)).astype(np.float32)
    assert len(decode_heads({"yolo": raw}, [HEAD], CANVAS, 0.0).best()) == MAX_PREDICTIONS


def test_suppression_is_per_class_and_keeps_the_most_confident() -> None:
    kept = suppress(
        predictions(
            ((0, 0, 10, 10), 0.9, 0), ((1, 1, 11, 11), 0.8, 0), ((0, 0, 10, 10), 0.7, 1), ((50, 50, 60, 60), 0.6, 0)
        ),
        iou=0.45,
        max_detections=100,
    )
    assert list(zip(kept.class_ids.tolist(), kept.confidences.tolist(), strict=True)) == [
        (0, pytest.approx(0.9)), (1, pytest.approx(0.7)), (0, pytest.approx(0.6)),
    ]  # fmt: skip


def test_suppression_keeps_at_most_as_many_as_asked() -> None:
    rows = [((20.0 * n, 0.0, 20.0 * n + 10, 10.0), 0.9 - n / 100, 0) for n in range(10)]
    kept = suppress(predictions(*rows), iou=0.5, max_detections=3)
    assert kept.confidences.tolist() == pytest.approx([0.9, 0.89, 0.88])


def test_suppression_agrees_with_a_plain_reading_of_the_algorithm() -> None:
    random = np.random.default_rng(3)
    corners = random.uniform(0, 60, (300, 2))
    boxes = np.hstack([corners, corners + random.uniform(5, 40, (300, 2))])
    rows = [
        (tuple(box), score, class_id)
        for box, score, class_id in zip(
            boxes.tolist(), sorted(random.uniform(0, 1, 300))[::-1], random.integers(0, 3, 300).tolist(), strict=True
        )
    ]

    def iou(one: tuple[float, ...], other: tuple[float, ...]) -> float:
        width = max(0.0, min(one[2], other[2]) - max(one[0], other[0]))
        height = max(0.0, min(one[3], other[3]) - max(one[1], other[1]))
        areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
        return width * height / (sum(areas) - width * height)

    expected: list[tuple[tuple[float, ...], float, int]] = []
    for row in rows:
        if all(row[2] != kept[2] or iou(row[0], kept[0]) <= 0.45 for kept in expected):
            expected.append(row)
    kept = suppress(predictions(*rows), iou=0.45, max_detections=300)
    assert kept.confidences.tolist() == pytest.approx([row[1] for row in expected])


def test_clip_cuts_at_the_border_and_drops_what_lies_outside() -> None:
    clipped = clip(
        predictions(((-5, -5, 5, 5), 0.9, 0), ((90, 60, 120, 80), 0.8, 0), ((-9, 3, -1, 5), 0.7, 0)), (64, 96)
    )
    assert clipped.boxes_xyxy.tolist() == [[0, 0, 5, 5], [90, 60, 96, 64]]
