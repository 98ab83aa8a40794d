"""A visitor whose every byte can be recognised: a mark in names, addresses, headers, fields, metadata and pixels."""

import base64
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from PIL import Image, PngImagePlugin

from harness.http_client import Answer, Client
from harness.pictures import encode

MAKE, DESCRIPTION, USER_COMMENT = 0x010F, 0x010E, 0x9286  # EXIF tags
BLOCKS, BLOCK = 21, 16  # of the pattern, as in the smallest QR code; pixels of a block's side
KINDS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "HEIF", "AVIF")


@dataclass(frozen=True)
class Canary:
    """The mark, and requests that are full of it."""

    mark: str = field(default_factory=lambda: f"canary{uuid.uuid4().hex}")

    def picture(self, kind: str) -> bytes:
        """Return a file with the mark in all metadata that the format has, and pixels that are like nobody else's."""
        seed = int(self.mark[-8:], 16)
        blocks = np.random.default_rng(seed).integers(0, 2, (BLOCKS, BLOCKS), np.uint8) * 255
        pixels = np.repeat(np.kron(blocks, np.ones((BLOCK, BLOCK), np.uint8))[..., None], 3, axis=2)
        return encode(pixels, kind, **self._metadata(kind))

    def ask(self, client: Client, **fields: str) -> Iterator[Answer]:
        """Send the mark in every way: pictures that are read, pictures that are not, and requests that are wrong.

        `fields` go along with each picture that a model is asked about.
        """
        name = f"{self.mark}.jpg"
        headers = {"User-Agent": self.mark, "Referer": f"https://{self.mark}.example/", "Cookie": f"a={self.mark}"}
        for kind in KINDS:
            yield client.detect(self.picture(kind), name=name, headers=headers, candidates="true", **fields)
        whole = self.picture("JPEG")
        yield client.detect(whole[: len(whole) // 2], name=name, headers=headers, **fields)
        yield client.detect(self.mark.encode() * 1000, name=name, headers=headers)
        yield client.detect(whole + self.mark.encode() * 300_000, name=name, headers=headers)  # over the limit
        yield client.detect(whole, name=name, headers=headers, orientation=self.mark)
        yield client.detect(whole, name=name, headers=headers, path=f"/{self.mark}?q={self.mark}")
        yield client.request("POST", f"/?q={self.mark}", self.mark.encode(), headers)
        yield client.request("GET", f"/status_check?q={self.mark}", headers=headers)

    def is_in(self, content: bytes | str) -> bool:
        """Say whether the mark is there."""
        return self.mark.encode() in (content.encode("utf-8", "replace") if isinstance(content, str) else content)

    def _metadata(self, kind: str) -> dict[str, Any]:
        exif = Image.Exif()
        exif[MAKE] = exif[DESCRIPTION] = exif[USER_COMMENT] = self.mark
        xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{self.mark}</x:xmpmeta>'.encode()
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", self.mark)
        known: dict[str, dict[str, Any]] = {
            "JPEG": {"exif": exif.tobytes(), "comment": self.mark.encode(), "xmp": xmp},
            "PNG": {"exif": exif.tobytes(), "pnginfo": text},
            "WEBP": {"exif": exif.tobytes(), "xmp": xmp},
            "GIF": {"comment": self.mark.encode()},
            "HEIF": {"exif": exif.tobytes(), "xmp": xmp},
            "AVIF": {"exif": exif.tobytes(), "xmp": xmp},
        }
        return known.get(kind, {})


def drawn_picture(answer: Answer) -> bytes:
    """Return the bytes of the picture in an answer."""
    return base64.b64decode(answer.json["image"].partition(",")[2])


def what_was_found(answer: Answer) -> dict[str, Any]:
    """Return an answer without what differs each time."""
    return {name: value for name, value in answer.json.items() if name not in ("request_id", "timings_ms")}
