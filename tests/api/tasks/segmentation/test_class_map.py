"""A class for each pixel: as PyTorch interpolates scores, in little memory."""

import tracemalloc

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from api.tasks.letterbox import Letterbox
from api.tasks.segmentation.class_map import map_ids, map_scores
from api.tasks.segmentation.segmenter import make_decode
from api.tasks.segmentation.types import SegmentationOptions

LABELS = tuple(f"label {index}" for index in range(7))


def random_scores(classes: int, grid: tuple[int, int], *, smooth: bool) -> NDArray[np.float32]:
    scores = torch.from_numpy(np.random.default_rng(1).normal(size=(1, classes, *grid)).astype(np.float32))
    if smooth:
        scores = F.interpolate(scores[..., :5, :5], grid, mode="bicubic")
    return scores[0].numpy()


def by_torch(scores: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.int64]:
    scaled = F.interpolate(torch.from_numpy(scores)[None], size, mode="bilinear", align_corners=False)
    return scaled[0].argmax(0).numpy()


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (33, 41), (20, 13), (333, 500), (257, 640)])
@pytest.mark.parametrize(("classes", "grid"), [(2, (33, 33)), (21, (65, 33)), (300, (9, 16)), (3, (1, 1))])
@pytest.mark.parametrize("smooth", [True, False])
def test_is_as_pytorch_has_it(size: tuple[int, int], classes: int, grid: tuple[int, int], smooth: bool):
    scores = random_scores(classes, grid, smooth=smooth)
    found = map_scores(scores, Letterbox.stretch(size, (257, 257)), np.uint16)
    assert found.shape == size
    assert (found == by_torch(scores, size)).mean() > 0.9995  # ties are broken by the last bit


@pytest.mark.parametrize("image_size", [(300, 600), (600, 300), (128, 128), (50, 500)])
@pytest.mark.parametrize("place", [Letterbox.fit, Letterbox.top_left])
def test_padding_does_not_reach_the_image(image_size: tuple[int, int], place: object):
    letterbox: Letterbox = place(image_size, (256, 256))  # type: ignore[operator]
    scores = np.zeros((2, 64, 64), np.float32)
    scores[1] = 9  # the padding's class
    rows, columns = (
        slice(-(-start // 4), max(-(-start // 4) + 1, (start + side) // 4))  # points wholly in the image
        for start, side in zip((letterbox.top, letterbox.left), letterbox.scaled_size, strict=True)
    )
    scores[0, rows, columns] = 10
    scores[1, rows, columns] = 0
    assert not map_scores(scores, letterbox, np.uint8).any()
    assert not map_ids(scores.argmax(0), letterbox, np.uint8).any()


def test_a_letterboxed_image_is_where_it_was():
    """Of a picture whose left half is class 1, on a canvas with padding above and below."""
    letterbox = Letterbox.fit((200, 400), (128, 128))
    scores = np.zeros((2, 32, 32), np.float32)
    scores[1, :, :16] = 1
    found = map_scores(scores, letterbox, np.uint8)
    assert found.shape == (200, 400)
    assert (found[:, :194] == 1).all()
    assert (found[:, 206:] == 0).all()


@pytest.mark.parametrize(
    ("layout", "shape"), [("ids", (1, 20, 30)), ("ids", (1, 1, 20, 30)), ("ids", (1, 20, 30, 1)), ("ids", (1, 1, 30))]
)
def test_class_ids_are_taken_from_the_nearest_point(layout: str, shape: tuple[int, ...]):
    ids = np.random.default_rng(1).integers(0, 7, shape)
    decode = make_decode({"name": "out", "layout": layout}, LABELS)
    grid = ids.reshape(-1, 30)
    letterbox = Letterbox.stretch((grid.shape[0] * 5, 150), (64, 64))
    found = decode({"out": ids}, letterbox, SegmentationOptions())
    assert np.array_equal(found.class_map, grid.repeat(5, axis=0).repeat(5, axis=1))


def test_both_layouts_of_scores_are_read():
    scores = random_scores(7, (20, 30), smooth=True)[None]
    letterbox = Letterbox.stretch((111, 222), (64, 64))
    first = make_decode({"name": "out", "layout": "nchw"}, LABELS)({"out": scores}, letterbox, SegmentationOptions())
    last = make_decode({"name": "out", "layout": "nhwc"}, LABELS)(
        {"out": scores.transpose(0, 2, 3, 1), "aux": scores}, letterbox, SegmentationOptions()
    )
    assert np.array_equal(first.class_map, last.class_map)
    assert first.segments == last.segments


def test_shares_are_those_of_the_pixels():
    ids = np.array([[[3, 3, 3, 255]]])
    found = make_decode({"name": "out", "layout": "ids"}, LABELS)(
        {"out": ids}, Letterbox.stretch((100, 400), (4, 4)), SegmentationOptions()
    )
    assert [(one.label, one.class_id, one.share) for one in found.segments] == [
        ("label 3", 3, 0.75), ("class 255", 255, 0.25),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("labels", "output", "background"),
    [(("background", "cat"), {}, 0), (("cat", "dog"), {}, None), (("cat", "dog"), {"background": 1}, 1)],
)
def test_background_is_what_is_called_so_or_what_the_owner_says(
    labels: tuple[str, ...], output: dict[str, int], background: int | None
):
    decode = make_decode({"name": "out", "layout": "ids", **output}, labels)
    found = decode({"out": np.zeros((1, 2, 2), int)}, Letterbox.stretch((2, 2), (2, 2)), SegmentationOptions())
    assert found.background == background


@pytest.mark.parametrize("smooth", [True, False])
def test_25_megapixels_of_21_classes_take_little_memory(smooth: bool):
    """Their scores alone would have 2.1 GB."""
    scores = random_scores(21, (65, 65), smooth=smooth)
    tracemalloc.start()
    found = map_scores(scores, Letterbox.stretch((4000, 6250), (257, 257)), np.uint8)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.nbytes == 25_000_000
    assert peak < 3 * found.nbytes
