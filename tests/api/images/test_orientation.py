"""api/images/orientation.py: pictures of several strips are turned like one whole, for every tag and kind of pixels."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from api.images.orientation import STRIP_PIXELS, assemble_upright, is_sideways
from harness.pictures import store

HEIGHT, WIDTH = 1307, 3001  # odd, and more than one strip either way


@pytest.fixture(scope="module")
def upright() -> NDArray[np.uint8]:
    """A picture in which no two rows and no two columns are alike."""
    assert HEIGHT * WIDTH > STRIP_PIXELS
    return np.random.default_rng(3).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_strips_come_together_upright(upright: NDArray[np.uint8], orientation: int):
    stored = store(upright, orientation)
    np.testing.assert_array_equal(assemble_upright(Image.fromarray(stored), orientation), upright)
    np.testing.assert_array_equal(assemble_upright(stored, orientation), upright)
    assert is_sideways(orientation) == (stored.shape != upright.shape)


@pytest.mark.parametrize("orientation", [1, 6])
def test_transparency_of_strips_is_white(upright: NDArray[np.uint8], orientation: int):
    layers = np.dstack([upright, np.full(upright.shape[:2], 255, np.uint8)])
    layers[:, 2000:, 3] = 0
    expected = upright.copy()
    expected[:, 2000:] = 255
    stored = store(layers, orientation)
    np.testing.assert_array_equal(assemble_upright(Image.fromarray(stored), orientation), expected)
    np.testing.assert_array_equal(assemble_upright(stored, orientation), expected)


@pytest.mark.parametrize("mode", ["L", "P", "1", "CMYK", "I;16", "LA", "PA", "F"])
def test_strips_of_every_mode_are_as_the_whole(upright: NDArray[np.uint8], mode: str, monkeypatch: pytest.MonkeyPatch):
    image = Image.fromarray(upright)
    image = Image.fromarray(upright[..., 0].astype(np.uint16) * 257) if mode == "I;16" else image.convert(mode)
    in_strips = assemble_upright(image, 8)
    monkeypatch.setattr("api.images.orientation.STRIP_PIXELS", HEIGHT * WIDTH)
    np.testing.assert_array_equal(in_strips, assemble_upright(image, 8))
