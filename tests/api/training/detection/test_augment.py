"""Boxes go where the pixels go."""

import numpy as np
import pytest
import torch

from api.training.detection.augment import apply, make_augmentation, make_plain
from harness.shapes import COLOURS, Picture, draw_shapes

LABELS = list(COLOURS)


def sample_of(picture: Picture) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    boxes = torch.tensor([shape.box for shape in picture.shapes], dtype=torch.float32)
    labels = torch.tensor([LABELS.index(shape.label) for shape in picture.shapes])
    is_shape = np.any([(picture.pixels == colour).all(axis=2) for colour in COLOURS.values()], axis=0)
    pixels = np.where(is_shape[..., None], picture.pixels, np.uint8(120))  # grey in any light, unlike noise
    return torch.from_numpy(pixels).permute(2, 0, 1), boxes, labels


def box_of_colour(image: torch.Tensor, label: str) -> list[float] | None:
    """Return the box of what is much redder, or bluer, than it is green."""
    channel = {"disc": 0, "square": 2}[label]
    rows, columns = np.nonzero((image[channel] - image[1]).numpy() > 0.2)
    if not len(rows):
        return None
    return [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]


@pytest.mark.parametrize("size", [None, (96, 160)])
def test_a_box_moves_with_its_object(size: tuple[int, int] | None):
    transform, changed, seen = make_augmentation(size), 0, 0
    for seed, picture in enumerate(draw_shapes(60, seed=7)):
        if len(picture.shapes) != 1:
            continue
        torch.manual_seed(seed)
        image, target = apply(transform, *sample_of(picture))
        assert image.dtype == torch.float32
        assert 0 <= image.min() <= image.max() <= 1
        assert size is None or image.shape[-2:] == size
        label = picture.shapes[0].label
        place = box_of_colour(image, label)
        if len(target["boxes"]) == 0 or place is None:
            continue
        seen += 1
        changed += target["boxes"][0].tolist() != list(map(float, picture.shapes[0].box))
        assert target["labels"].tolist() == [LABELS.index(label)]
        assert target["boxes"][0].tolist() == pytest.approx(place, abs=4)
    assert seen > 15
    assert changed > 10


def test_the_plain_one_only_fits():
    picture = draw_shapes(1)[0]
    image, target = apply(make_plain((64, 64)), *sample_of(picture))
    assert image.shape == (3, 64, 64)
    assert target["boxes"].tolist() == [[value / 2 for value in shape.box] for shape in picture.shapes]


def test_a_photograph_without_objects_stays_one():
    picture = draw_shapes(1)[0]
    image, _, _ = sample_of(picture)
    for seed in range(5):
        torch.manual_seed(seed)
        _, target = apply(make_augmentation((96, 96)), image, torch.zeros(0, 4), torch.zeros(0, dtype=torch.int64))
        assert target["boxes"].shape == (0, 4)
