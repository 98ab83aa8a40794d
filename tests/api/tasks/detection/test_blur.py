"""What is blurred, and that nothing but the mean colours of a few blocks is left of it."""

import numpy as np
import pytest
from numpy.typing import NDArray

from api.errors import BadRequest
from api.images.encode import encode_jpeg
from api.tasks.detection.blur import BLOCKS, COARSE, MARGIN, blur_region, check_blur, find_blurred_classes, find_regions
from api.tasks.detection.predictions import Predictions, finish
from api.tasks.detection.task import DETECTION
from api.tasks.detection.types import BLUR_CONFIDENCE, Blur, Box, Detection, DetectionOptions, Detections, Keypoint
from api.tasks.letterbox import Letterbox

LABELS = ("person", "car", "bus", "licence plate", "face")
WHOLE = Letterbox.stretch((400, 600), (400, 600))  # the canvas is the image


def predict(*rows: tuple[float, float, float, float, float, int]) -> Predictions:
    """Return predictions of x1, y1, x2, y2, confidence, class id."""
    table = np.array(rows, np.float32)
    return Predictions(table[:, :4], table[:, 4], table[:, 5].astype(np.int64))


def blur_of(predictions: Predictions, **options: object) -> Blur:
    blur = finish(predictions, WHOLE, DetectionOptions(**options), LABELS).blur  # type: ignore[arg-type]
    assert blur is not None
    return blur


def noise(*shape: int) -> NDArray[np.uint8]:
    return np.random.default_rng(3).integers(0, 256, shape, dtype=np.uint8)


@pytest.mark.parametrize(
    ("names", "meant"),
    [
        (["face"], [4]),
        (["faces"], [4]),
        (["Faces"], [4]),
        (["people"], [0]),
        (["person", "cars"], [0, 1]),
        (["buses"], [2]),
        (["licence plates"], [3]),
        (["all"], [0, 1, 2, 3, 4]),
    ],
)
def test_names_mean_labels_and_their_plurals(names: list[str], meant: list[int]) -> None:
    check_blur(DetectionOptions(blur=tuple(names)), LABELS)
    assert find_blurred_classes(names, LABELS) == meant


def test_a_name_that_the_model_does_not_know_is_refused_with_those_it_knows() -> None:
    with pytest.raises(BadRequest, match="'unicorn'.* It finds: person, car, bus, licence plate, face; `all` blurs"):
        check_blur(DetectionOptions(blur=("person", "unicorn")), LABELS)
    with pytest.raises(BadRequest, match="and others"):
        check_blur(DetectionOptions(blur=("unicorn",)), [f"kind {number}" for number in range(80)])


def test_what_is_named_is_blurred_and_nothing_else() -> None:
    blur = blur_of(predict((100, 100, 200, 200, 0.9, 4), (300, 300, 400, 400, 0.9, 0)), blur=("face",))
    assert blur.class_ids == [4]
    assert blur.regions == [Box(100 - 100 * MARGIN, 85, 215, 215)]
    assert finish(predict((0, 0, 9, 9, 1, 4)), WHOLE, DetectionOptions(), LABELS).blur is None


def test_what_is_less_certain_or_over_the_limit_is_blurred_too() -> None:
    faces = [(40 * n, 0, 40 * n + 20, 20, BLUR_CONFIDENCE + 0.05 * n, 4) for n in range(5)]
    options = {"confidence": 0.9, "max_detections": 1, "iou": 0.0}
    assert len(blur_of(predict(*faces), blur=("face",), **options).regions) == len(faces)
    assert len(blur_of(predict((0, 0, 9, 9, 0.04, 4)), blur=("face",), confidence=0.03).regions) == 1
    assert not blur_of(predict((0, 0, 9, 9, 0.04, 4)), blur=("face",)).regions


def test_boxes_of_one_object_are_covered_by_one_region() -> None:
    same, larger, other = [100, 100, 200, 200], [90, 110, 230, 240], [190, 190, 300, 300]
    boxes = np.array([same, larger, other], np.float32)
    first, second = find_regions(boxes, (400, 600))
    assert (first.x1 <= 90, first.y1 <= 100, first.x2 >= 230, first.y2 >= 240) == (True,) * 4
    assert (second.x1 <= 190, second.x2 >= 300) == (True, True)
    whole = find_regions(np.array([[-5, 0, 600, 400]], np.float32), (400, 600))
    assert whole == [Box(0, 0, 600, 400)]
    assert find_regions(np.zeros((0, 4), np.float32), (400, 600)) == []


@pytest.mark.parametrize("size", [(1, 1), (2, 50), (50, 2), (5, 3), (31, 47), (400, 600), (1500, 1100)])
def test_few_blocks_are_left_whatever_the_size(size: tuple[int, int]) -> None:
    picture = noise(*size, 3)
    blur_region(picture, Box(0, 0, size[1], size[0]))
    assert len(np.unique(picture @ [65536, 256, 1])) <= BLOCKS**2
    assert (picture % COARSE == COARSE // 2).all()
    changes = [(np.diff(picture.astype(int), axis=axis) != 0).any(axis=2) for axis in (0, 1)]
    assert all(change.any(axis=1 - axis).sum() < BLOCKS for axis, change in enumerate(changes))


def test_two_faces_with_the_same_block_means_give_the_same_bytes() -> None:
    """What a block holds is mixed at random, so that no eye is where it was."""
    one = noise(160, 120, 3)
    one[40:60, 30:50], one[40:60, 70:90], one[100:115, 40:80] = 20, 20, 30  # eyes and a mouth
    other = one.copy()
    random = np.random.default_rng(1)
    for top in range(0, 160, 40):
        for left in range(0, 120, 40):
            pixels = other[top : top + 40, left : left + 40].reshape(-1, 3)
            other[top : top + 40, left : left + 40] = random.permutation(pixels).reshape(40, 40, 3)
    assert drawn_jpeg(one, Box(0, 0, 120, 160)) == drawn_jpeg(other, Box(0, 0, 120, 160))
    assert drawn_jpeg(one) != drawn_jpeg(other)


def drawn_jpeg(face: NDArray[np.uint8], *regions: Box) -> bytes:
    return encode_jpeg(DETECTION.draw(face, Detections([], blur=Blur([4], list(regions)))))


def test_what_is_blurred_has_no_box_and_no_points_and_others_have_theirs() -> None:
    image = np.full((300, 300, 3), 90, np.uint8)
    eye = Keypoint("left_eye", 80, 80, 0.9)
    face = Detection("face", 4, 0.9, Box(50, 50, 120, 120), keypoints=(eye,))
    car = Detection("car", 1, 0.9, Box(180, 180, 290, 290))
    blur = Blur([4], [Box(40, 40, 130, 130)])
    drawn = DETECTION.draw(image, Detections([face, car], blur=blur))
    assert len(np.unique(drawn[40:130, 40:130].reshape(-1, 3), axis=0)) == 1
    plain = DETECTION.draw(image, Detections([car]))
    assert np.array_equal(drawn[150:], plain[150:])
    answer = DETECTION.to_json(Detections([face, car], blur=blur), DetectionOptions(blur=("face",)))
    assert [one["label"] for one in answer["detections"]] == ["face", "car"]
    assert answer["blurred"] == [{"x1": 40, "y1": 40, "x2": 130, "y2": 130}]
