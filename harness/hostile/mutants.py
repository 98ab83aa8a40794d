"""Good images of every kind, damaged at random: the same seed and number always give the same mutant."""

import random
from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image

from harness.pictures import encode, make_upright

HEIGHT, WIDTH = 24, 40  # small: the time is for reading files
INTERESTING = (
    b"\0",
    b"\xff",
    b"\x7f",
    b"\x80",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\0\0\0\0",
    b"\xff\xd9",
    b"\xff\xda",
)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A damaged file, and what it was before."""

    number: int
    origin: str
    data: bytes


@cache
def make_seeds() -> dict[str, bytes]:
    """Return a good file of every kind that is read."""
    picture = make_upright(HEIGHT, WIDTH)
    noise = np.random.default_rng(7).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
    image, layers = Image.fromarray(picture), Image.fromarray(picture)
    layers.putalpha(120)
    frames = {"save_all": True, "append_images": [Image.fromarray(noise)]}
    return {
        "JPEG": encode(picture, "JPEG", orientation=6),
        "noisy JPEG": encode(noise, "JPEG"),
        "progressive JPEG": encode(noise, "JPEG", progressive=True),
        "CMYK JPEG": encode(image.convert("CMYK"), "JPEG"),
        "MPO": encode(image, "MPO", **frames),
        "PNG": encode(picture, "PNG", orientation=3),
        "palette PNG": encode(image.quantize(4), "PNG", transparency=1),
        "16-bit PNG": encode(Image.fromarray(np.arange(960, dtype=np.uint16).reshape(HEIGHT, WIDTH) * 60), "PNG"),
        "APNG": encode(image, "PNG", **frames),
        "WebP": encode(noise, "WEBP"),
        "lossless WebP": encode(layers, "WEBP", lossless=True, orientation=8),
        "animated WebP": encode(image, "WEBP", **frames),
        "GIF": encode(picture, "GIF"),
        "animated GIF": encode(image, "GIF", **frames),
        "BMP": encode(picture, "BMP"),
        "palette BMP": encode(image.quantize(16), "BMP"),
        "HEIC": encode(picture, "HEIF", orientation=6),
        "transparent HEIC": encode(layers, "HEIF"),
        "AVIF": encode(picture, "AVIF", orientation=5),
        "transparent AVIF": encode(layers, "AVIF"),
        "animated AVIF": encode(image, "AVIF", **frames),
    }


def make_mutant(seed: int, number: int) -> Mutant:
    """Return the `number`th mutant of a seed."""
    dice = random.Random(f"{seed}:{number}")
    seeds = make_seeds()
    origin = dice.choice(list(seeds))
    data = bytearray(seeds[origin])
    for _ in range(dice.choice((1, 1, 1, 2, 3, 8))):
        if data:
            dice.choice(DAMAGES)(data, dice)
    return Mutant(number, origin, bytes(data))


def _flip_bits(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.randrange(1, 9)):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def _overwrite_run(data: bytearray, dice: random.Random) -> None:
    place, length = dice.randrange(len(data)), dice.randrange(1, 64)
    data[place : place + length] = dice.choice((dice.randbytes(length), dice.choice(INTERESTING)))


def _cut(data: bytearray, dice: random.Random) -> None:
    del data[dice.randrange(len(data)) :]


def _lose(data: bytearray, dice: random.Random) -> None:
    place = dice.randrange(len(data))
    del data[place : place + dice.randrange(1, 64)]


def _repeat(data: bytearray, dice: random.Random) -> None:
    place = dice.randrange(len(data))
    piece = data[place : place + dice.randrange(1, 200)]
    data[place:place] = piece * dice.choice((1, 2, 50))


def _splice(data: bytearray, dice: random.Random) -> None:
    """Put a piece of another kind of file in."""
    other = dice.choice(list(make_seeds().values()))
    place, start = dice.randrange(len(data)), dice.randrange(len(other))
    data[place : place + dice.choice((0, 40))] = other[start : start + dice.randrange(1, 300)]


def _change_number(data: bytearray, dice: random.Random) -> None:
    """Write a telling number where a length or a size may be: most stand near the beginning."""
    width = dice.choice((1, 2, 4))
    place = min(dice.randrange(len(data)), dice.randrange(len(data)), dice.randrange(len(data)))
    value = dice.choice(
        (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFF, len(data), WIDTH - 1)
    )
    order = dice.choice(("big", "little"))
    data[place : place + width] = (value & (1 << 8 * width) - 1).to_bytes(width, order)


def _shuffle(data: bytearray, dice: random.Random) -> None:
    """Change the order of pieces."""
    places = sorted(dice.randrange(len(data)) for _ in range(dice.randrange(2, 6)))
    pieces = [bytes(data[start:end]) for start, end in zip([0, *places], [*places, len(data)], strict=True)]
    middle = pieces[1:]
    dice.shuffle(middle)
    data[:] = b"".join([pieces[0], *middle])


DAMAGES = (
    _flip_bits,
    _flip_bits,
    _overwrite_run,
    _change_number,
    _change_number,
    _cut,
    _lose,
    _repeat,
    _splice,
    _shuffle,
)
