"""What a browser and a visitor's disk hold besides photographs from a camera."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from harness.pictures import encode, make_upright
from tests.e2e.screen import Screen


@pytest.mark.parametrize(("kind", "suffix"), [("PNG", "png"), ("WEBP", "webp"), ("BMP", "bmp"), ("AVIF", "avif")])
def test_photo_of_another_format_is_looked_at(
    screen: Screen, photographs: dict[str, Path], kind: str, suffix: str
) -> None:
    with Image.open(photographs["dog"]) as dog:
        screen.choose(encode(dog.convert("RGB"), kind), name=f"photo.{suffix}")
    assert {label for label, _ in screen.await_result()} >= {"dog", "bicycle"}
    assert screen.picture().shape == (576, 768, 3)


def test_transparent_parts_become_white(screen: Screen) -> None:
    picture = Image.fromarray(make_upright(200, 300)).convert("RGBA")
    picture.paste((0, 0, 0, 0), (0, 0, 150, 200))
    screen.choose(encode(picture, "PNG"), name="logo.png")
    screen.await_result()
    shown = screen.picture()
    assert shown.shape == (200, 300, 3)
    assert np.median(shown[:, :140]) >= 250
    assert np.median(shown[:90, 160:], axis=(0, 1)) == pytest.approx((30, 200, 40), abs=12)


def test_animation_shows_its_first_frame(screen: Screen) -> None:
    first, second = (Image.new("RGB", (320, 240), colour) for colour in ("red", "blue"))
    animation = io.BytesIO()
    first.save(animation, "GIF", save_all=True, append_images=[second], duration=100, loop=0)
    screen.choose(animation.getvalue(), name="moving.gif")
    screen.await_result()
    assert np.median(screen.picture(), axis=(0, 1)) == pytest.approx((255, 0, 0), abs=12)


def test_tiny_and_very_long_pictures_are_looked_at(screen: Screen) -> None:
    for height, width in ((1, 1), (40, 4000)):
        screen.choose(encode(np.full((height, width, 3), 128, np.uint8), "PNG"), name=f"{width}.png")
        screen.page.locator("#caption", has_text=f"{width}.png · ").wait_for()
        screen.await_result()
        assert screen.picture().shape[:2] == (min(height, 13), min(width, 1280))
