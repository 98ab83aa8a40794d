import numpy as np
import pytest
import torch
import torch.nn.functional as F

from api.tasks.letterbox import GREY, Letterbox

SIZES = [(1, 1), (1, 5000), (5000, 1), (416, 416), (576, 768), (768, 576), (333, 777), (1079, 1919), (4000, 6000)]


@pytest.mark.parametrize("canvas", [(416, 416), (320, 608)])
@pytest.mark.parametrize("size", SIZES)
def test_boxes_come_back_where_they_were(size: tuple[int, int], canvas: tuple[int, int]) -> None:
    letterbox = Letterbox.fit(size, canvas)
    height, width = size
    scaled_height, scaled_width = letterbox.scaled_size
    whole = torch.tensor([[0.0, 0.0, width, height]])
    to_canvas = whole * torch.tensor([scaled_width / width, scaled_height / height]).repeat(2)
    on_canvas = to_canvas + torch.tensor([letterbox.left, letterbox.top]).repeat(2)
    torch.testing.assert_close(letterbox.boxes_to_image(on_canvas), whole, atol=1e-3, rtol=1e-5)


@pytest.mark.parametrize("size", SIZES)
def test_the_image_fills_one_side_and_no_side_vanishes(size: tuple[int, int]) -> None:
    scaled = Letterbox.fit(size, (416, 416)).scaled_size
    assert max(scaled) == 416
    assert min(scaled) >= 1
    # the other side is the proportional one, rounded down as in Darknet
    assert min(scaled) == max(1, 416 * min(size) // max(size))


@pytest.mark.parametrize("size", SIZES)
def test_cutting_takes_only_cells_of_grey_and_keeps_the_place_on_the_grid(size: tuple[int, int]) -> None:
    square = Letterbox.fit(size, (416, 416))
    cut = square.cut_to_grid(32)
    assert cut.scaled_size == square.scaled_size
    for before, start, length, side in zip(
        (square.top, square.left), (cut.top, cut.left), cut.scaled_size, cut.canvas_size, strict=True
    ):
        assert start == before % 32
        assert side % 32 == 0
        assert 0 <= side - start - length < 32


@pytest.mark.parametrize("size", SIZES)
def test_wrapping_leaves_less_than_a_cell_of_grey_in_all(size: tuple[int, int]) -> None:
    wrapped = Letterbox.fit(size, (416, 416)).shrink_wrap(32)
    for start, length, side in zip((wrapped.top, wrapped.left), wrapped.scaled_size, wrapped.canvas_size, strict=True):
        assert side % 32 == 0
        assert side - length < 32
        assert start == (side - length) // 2


@pytest.mark.parametrize("way", ["cut_to_grid", "shrink_wrap"])
def test_boxes_come_back_from_smaller_canvases_too(way: str) -> None:
    letterbox = getattr(Letterbox.fit((576, 768), (416, 416)), way)(32)
    corner = torch.tensor(
        [[float(letterbox.left), float(letterbox.top), letterbox.left + 416.0, letterbox.top + 312.0]]
    )
    torch.testing.assert_close(letterbox.boxes_to_image(corner), torch.tensor([[0.0, 0.0, 768.0, 576.0]]))


def test_the_picture_lies_in_the_middle_of_grey() -> None:
    image = np.full((100, 200, 3), 255, np.uint8)
    tensor = Letterbox.fit((100, 200), (416, 416)).to_tensor(image)
    assert tensor.shape == (1, 3, 416, 416)
    assert tensor.dtype == torch.float32
    torch.testing.assert_close(tensor[:, :, 104:312], torch.ones(1, 3, 208, 416))
    assert torch.all(tensor[:, :, :104] == GREY)
    assert torch.all(tensor[:, :, 312:] == GREY)


def test_channels_stay_red_green_blue() -> None:
    image = np.zeros((8, 8, 3), np.uint8)
    image[..., 0] = 255
    tensor = Letterbox.fit((8, 8), (32, 32)).to_tensor(image)
    assert tensor[0].mean(dim=(1, 2)).tolist() == [1.0, 0.0, 0.0]


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (7, 1), (30, 50), (333, 777), (1500, 1400)])
def test_samples_where_darknet_does(size: tuple[int, int]) -> None:
    image = np.random.default_rng(1).integers(0, 255, (*size, 3), dtype=np.uint8)
    letterbox = Letterbox.fit(size, (64, 64))
    height, width = letterbox.scaled_size
    planes = torch.from_numpy(image).permute(2, 0, 1)[None].float()
    expected = F.interpolate(planes, (height, width), mode="bilinear", align_corners=True) / 255
    found = letterbox.to_tensor(image)[
        :, :, letterbox.top : letterbox.top + height, letterbox.left : letterbox.left + width
    ]
    torch.testing.assert_close(found, expected, atol=1e-4, rtol=0)


def test_reads_images_of_any_memory_layout() -> None:
    image = np.random.default_rng(1).integers(0, 255, (40, 60, 3), dtype=np.uint8)
    letterbox = Letterbox.fit((40, 60), (32, 32))
    turned = np.asfortranarray(image)
    assert torch.equal(letterbox.to_tensor(image), letterbox.to_tensor(turned))
