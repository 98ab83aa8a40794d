"""api/models/input.py and the card's input: pixels where the network expects them."""

from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image
from torchvision import transforms
from torchvision.models.detection.transform import GeneralizedRCNNTransform
from torchvision.transforms.functional import to_tensor

from api.models.card import Colour, Fit, InputSpec, Sampling
from api.models.input import prepare_input
from api.tasks.letterbox import Letterbox

SQUARE = InputSpec(size=(416, 416))


def prepare(image: np.ndarray, spec: InputSpec) -> np.ndarray:
    return prepare_input(image, spec.place(image.shape[:2]), spec)


def test_picture_lies_in_the_middle_of_grey() -> None:
    found = prepare(np.full((100, 200, 3), 255, np.uint8), SQUARE)
    assert found.shape == (1, 3, 416, 416)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found[:, :, 104:312], 1, rtol=1e-6)
    assert (found[:, :, :104] == 0.5).all()
    assert (found[:, :, 312:] == 0.5).all()


def test_cells_that_hold_only_grey_are_left_out() -> None:
    assert prepare(np.zeros((100, 200, 3), np.uint8), InputSpec(size=(416, 416), cell=32)).shape == (1, 3, 224, 416)


def test_stretched_picture_fills_the_input() -> None:
    spec = InputSpec(size=(64, 96), resize=Fit.STRETCH, cell=32)
    found = prepare(np.full((10, 200, 3), 51, np.uint8), spec)
    assert found.shape == (1, 3, 64, 96)
    np.testing.assert_allclose(found, 0.2, rtol=1e-5)


@pytest.mark.parametrize(("colour", "expected"), [(Colour.RGB, [1.0, 0.0, 0.0]), (Colour.BGR, [0.0, 0.0, 1.0])])
def test_channels_are_in_the_order_of_the_card(colour: Colour, expected: list[float]) -> None:
    image = np.zeros((8, 8, 3), np.uint8)
    image[..., 0] = 255
    found = prepare(image, InputSpec(size=(32, 32), colour=colour))
    assert found[0].mean(axis=(1, 2)).tolist() == pytest.approx(expected)


def test_mean_and_std_are_those_of_each_channel() -> None:
    spec = InputSpec(size=(32, 32), mean=(0.4, 0.5, 0.6), std=(0.1, 0.2, 0.3), pad=255)
    found = prepare(np.full((16, 32, 3), 127.5, np.float32).astype(np.uint8), spec)
    np.testing.assert_allclose(found[0, :, 16, 16], (127 / 255 - np.array(spec.mean)) / np.array(spec.std), atol=1e-6)
    np.testing.assert_allclose(found[0, :, 0, 0], (1 - np.array(spec.mean)) / np.array(spec.std), rtol=1e-5)


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (7, 1), (1, 900), (900, 1), (30, 50), (333, 777), (1500, 1400)])
def test_samples_where_darknet_does(size: tuple[int, int]) -> None:
    image = np.random.default_rng(1).integers(0, 255, (*size, 3), dtype=np.uint8)
    letterbox = Letterbox.fit(size, (64, 64))
    height, width = letterbox.scaled_size
    planes = torch.from_numpy(image).permute(2, 0, 1)[None].float()
    expected = F.interpolate(planes, (height, width), mode="bilinear", align_corners=True) / 255
    found = prepare(image, InputSpec(size=(64, 64)))[
        :, :, letterbox.top : letterbox.top + height, letterbox.left : letterbox.left + width
    ]
    np.testing.assert_allclose(found, expected.numpy(), atol=1e-4)


def test_reads_images_of_any_memory_layout() -> None:
    image = np.random.default_rng(1).integers(0, 255, (40, 60, 3), dtype=np.uint8)
    assert np.array_equal(prepare(image, SQUARE), prepare(np.asfortranarray(image), SQUARE))


@pytest.mark.parametrize("shape", [(1, 1), (3, 4), (4, 3), (9, 16), (16, 9)])
@pytest.mark.parametrize("fit", Fit)
def test_enough_pixels_are_those_that_nothing_enlarges(fit: Fit, shape: tuple[int, int]) -> None:
    spec = InputSpec(size=(416, 416), resize=fit)
    enough = spec.enough_side()
    image_size = tuple(enough * side // max(shape) for side in shape)
    scaled = spec.place((image_size[0], image_size[1])).scaled_size
    assert all(side >= scaled_side for side, scaled_side in zip(image_size, scaled, strict=True))


SIDES = [(1, 1), (1, 9), (31, 17), (224, 224), (255, 257), (256, 333), (333, 500), (501, 375), (640, 427), (1200, 259)]


@pytest.mark.parametrize("size", SIDES)
@pytest.mark.parametrize(
    ("sampling", "interpolation"),
    [
        (Sampling.ANTIALIAS, transforms.InterpolationMode.BILINEAR),
        (Sampling.BICUBIC, transforms.InterpolationMode.BICUBIC),
    ],
)
@pytest.mark.parametrize(("shorter_side", "side"), [(256, 224), (64, 57), (40, 40)])
def test_centre_crop_has_the_pixels_of_torchvision(
    size: tuple[int, int],
    sampling: Sampling,
    interpolation: transforms.InterpolationMode,
    shorter_side: int,
    side: int,
) -> None:
    image = np.random.default_rng(1).integers(0, 256, (*size, 3), dtype=np.uint8)
    reference = transforms.Compose([transforms.Resize(shorter_side, interpolation), transforms.CenterCrop(side)])
    spec = InputSpec(size=(side, side), resize=Fit.CENTRE_CROP, shorter_side=shorter_side, sampling=sampling, scale=1.0)
    expected = np.asarray(reference(Image.fromarray(image))).transpose(2, 0, 1)[None]
    assert np.array_equal(prepare(image, spec), expected)


@pytest.mark.parametrize("sampling", [Sampling.ANTIALIAS, Sampling.BICUBIC])
def test_sampling_that_reads_all_pixels_has_twice_as_many(sampling: Sampling) -> None:
    spec = InputSpec(size=(224, 224), resize=Fit.CENTRE_CROP, shorter_side=256, sampling=Sampling.BILINEAR)
    assert replace(spec, sampling=sampling).enough_side() == 2 * spec.enough_side() - 1


@pytest.mark.parametrize("size", [(1, 1), (7, 1), (30, 50), (333, 777), (640, 427)])
def test_shorter_side_is_what_torchvisions_detectors_read(size: tuple[int, int]) -> None:
    image = np.random.default_rng(1).integers(0, 255, (*size, 3), dtype=np.uint8)
    mean, std = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    spec = InputSpec(
        size=(160, 266), resize=Fit.SHORTER_SIDE, sampling=Sampling.EXACT, cell=32, mean=mean, std=std, pad=None
    )
    expected, _ = GeneralizedRCNNTransform(160, 266, mean, std).eval()([to_tensor(image)])
    assert spec.place(size).scaled_size == expected.image_sizes[0]
    np.testing.assert_allclose(prepare(image, spec), expected.tensors.numpy(), atol=1e-4)


def test_shorter_side_takes_any_size() -> None:
    spec = InputSpec(size=(800, 1333), resize=Fit.SHORTER_SIDE, cell=32)
    assert spec.has_free_size
    assert spec.enough_side() == 1333
    assert spec.place((1000, 4000)).canvas_size == (352, 1344)
    assert replace(spec, size=(520, 2080)).enough_side() == 925


def test_usual_sizes_of_an_input_that_is_at_least_so_large_have_that_shorter_side():
    spec = InputSpec(size=(320, 1984), resize=Fit.AT_LEAST, cell=32)
    sizes = spec.usual_sizes()
    assert (320, 320) in sizes
    assert {min(size) for size in sizes} == {320}
    assert max(map(max, sizes)) == 576  # of 16:9, in whole cells
