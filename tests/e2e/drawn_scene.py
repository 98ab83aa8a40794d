"""A drawn scene in which the model really finds objects, so that a picture of the page shows nobody's photograph."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

WIDTH, HEIGHT = 1200, 900
OVERSAMPLING = 2  # drawn larger and reduced, for smooth edges
HORIZON = 0.74
SKY_TOP, SKY_FOOT = (104, 160, 222), (236, 232, 222)
GRASS_TOP, GRASS_FOOT = (134, 160, 96), (84, 116, 62)
GRAIN = 3.0  # standard deviation of the noise, of 255: a camera's, without which the model sees a cartoon
Colour = tuple[int, int, int]


def draw_scene() -> Image.Image:
    """Return a park by the road: a stop sign, a traffic light, a station clock and a kite."""
    scale = OVERSAMPLING
    image = _background(WIDTH * scale, HEIGHT * scale)
    _hills(image)
    draw = ImageDraw.Draw(image)
    _kite(draw, 600 * scale, 150 * scale, 120 * scale)
    _clock(draw, 635 * scale, 545 * scale, 108 * scale)
    _stop_sign(draw, 265 * scale, 395 * scale, 165 * scale)
    _traffic_light(draw, 975 * scale, 370 * scale, 330 * scale)
    return _as_photographed(image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS))


def _background(width: int, height: int) -> Image.Image:
    horizon = int(height * HORIZON)
    sky, grass = _gradient(SKY_TOP, SKY_FOOT, horizon), _gradient(GRASS_TOP, GRASS_FOOT, height - horizon)
    column = np.concatenate([sky, grass])[:, None]
    return Image.fromarray(np.repeat(column, width, axis=1).astype(np.uint8))


def _gradient(top: Colour, foot: Colour, rows: int) -> NDArray[np.float64]:
    share = np.linspace(0, 1, rows)[:, None]
    return (1 - share) * np.array(top) + share * np.array(foot)


def _hills(image: Image.Image) -> None:
    """Draw soft clouds, and two rows of hills behind the grass."""
    clouds = Image.new("L", image.size)
    draw = ImageDraw.Draw(clouds)
    unit = image.width / 100
    for x, y, width in ((12, 8, 16), (20, 10, 14), (70, 14, 18), (80, 12, 14), (90, 26, 12), (38, 26, 14)):
        draw.ellipse((x * unit, y * unit, (x + width) * unit, (y + width / 4) * unit), fill=150)
    image.paste((255, 255, 255), mask=clouds.filter(ImageFilter.GaussianBlur(unit)))
    draw = ImageDraw.Draw(image)
    foot = image.height * HORIZON
    for colour, height, waves, shift in (((158, 178, 182), 9, 2.2, 0.0), ((122, 152, 124), 5, 3.1, 1.4)):
        ridge = [
            (x, foot - unit * height * (0.6 + 0.4 * math.sin(waves * 2 * math.pi * x / image.width + shift)))
            for x in range(0, image.width + 1, 4)
        ]
        draw.polygon([(0, foot + 2), *ridge, (image.width, foot + 2)], fill=colour)


def _stop_sign(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float) -> None:
    _post(draw, x, y, radius * 0.09)
    for size, colour in ((1.0, (245, 245, 243)), (0.93, (188, 28, 36))):
        angles = (math.pi / 8 + corner * math.pi / 4 for corner in range(8))
        draw.polygon([(x + size * radius * math.cos(a), y + size * radius * math.sin(a)) for a in angles], fill=colour)
    draw.text((x, y), "STOP", font=_font(radius * 0.6), fill="white", anchor="mm")


def _traffic_light(draw: ImageDraw.ImageDraw, x: float, y: float, height: float) -> None:
    _post(draw, x, y, height * 0.045)
    box = (x - height * 0.2, y - height / 2, x + height * 0.2, y + height / 2)
    draw.rounded_rectangle(box, height * 0.06, fill=(26, 29, 27))
    for place, colour in zip((-0.31, 0.0, 0.31), ((244, 52, 38), (66, 54, 22), (20, 62, 38)), strict=True):
        _disc(draw, x, y + place * height, height * 0.125, colour)


def _clock(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float) -> None:
    _post(draw, x, y, radius * 0.1)
    _disc(draw, x, y, radius, (38, 40, 46))
    _disc(draw, x, y, radius * 0.89, (250, 250, 246))
    for hour in range(1, 13):
        place = _on_dial(x, y, radius * 0.72, hour / 12)
        draw.text(place, str(hour), font=_font(radius * 0.21), fill=(20, 20, 22), anchor="mm")
    draw.line((x, y, *_on_dial(x, y, radius * 0.44, 10.15 / 12)), fill=(20, 20, 22), width=int(radius * 0.08))
    draw.line((x, y, *_on_dial(x, y, radius * 0.64, 9 / 60)), fill=(20, 20, 22), width=int(radius * 0.055))


def _kite(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float) -> None:
    top, foot = (x + radius * 0.35, y - radius), (x - radius * 0.35, y + radius)
    left, right = (x - radius * 0.62, y - radius * 0.42), (x + radius * 0.72, y - radius * 0.02)
    draw.polygon([top, right, foot], fill=(226, 58, 52))
    draw.polygon([top, left, foot], fill=(250, 198, 44))
    tail = [(foot[0] - step * radius * 0.05 + math.sin(step / 2) * radius * 0.12, foot[1] + step * radius * 0.07)
            for step in range(24)]  # fmt: skip
    draw.line(tail, fill=(44, 84, 190), width=int(radius * 0.05), joint="curve")


def _post(draw: ImageDraw.ImageDraw, x: float, y: float, half_width: float) -> None:
    foot = HEIGHT * OVERSAMPLING * 0.9
    draw.rectangle((x - half_width, y, x + half_width, foot), fill=(112, 114, 118))
    draw.rectangle((x - half_width, y, x - half_width * 0.3, foot), fill=(142, 144, 148))


def _disc(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float, colour: Colour) -> None:
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def _on_dial(x: float, y: float, radius: float, turn: float) -> Sequence[float]:
    """Return the point after a share of a turn, clockwise from the top."""
    angle = turn * 2 * math.pi
    return x + radius * math.sin(angle), y - radius * math.cos(angle)


def _font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _as_photographed(image: Image.Image) -> Image.Image:
    pixels = np.array(image.filter(ImageFilter.GaussianBlur(0.6)), np.float32)
    noise = np.random.default_rng(1).normal(0, GRAIN, pixels.shape[:2])[..., None]
    return Image.fromarray((pixels + noise).clip(0, 255).astype(np.uint8))
