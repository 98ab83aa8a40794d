"""One image from its bytes to what was found and the drawn picture: all that is done with pixels for a request."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from api.images.decode import decode_image
from api.images.encode import encode_jpeg
from api.images.limits import ImageLimits
from api.models.darknet.detector import Detector, Found
from api.tasks.detection.draw import draw_detections
from api.web.form import DetectFields
from api.work.allocator import tidy_soon

ORDINARY_PIXELS = 2_000_000  # the page sends 1.2 million; larger pictures leave blocks that the others do not need


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of it. `size` is (height, width) upright, `jpeg` empty where no picture was asked for."""

    found: Found
    size: tuple[int, int]
    jpeg: bytes
    milliseconds: dict[str, float]


def examine(data: bytes, fields: DetectFields, detector: Detector, limits: ImageLimits) -> Examined:
    """Decode, detect, draw. Raises BadRequest, UnsupportedImage, RefusedImage."""
    examined = None
    try:
        with detector.runtime.threads.taken():
            examined = _examine(data, fields, detector, limits)
        return examined
    finally:
        if examined is None or math.prod(examined.size) > ORDINARY_PIXELS:
            tidy_soon()


def _examine(data: bytes, fields: DetectFields, detector: Detector, limits: ImageLimits) -> Examined:
    watch = Stopwatch()
    with watch.stage("decode"):
        enough_for = None if fields.annotate else max(detector.input_size)
        image = decode_image(data, orientation=fields.orientation, limits=limits, enough_for=enough_for)
    size, pixels = image.size, image.pixels
    del image  # so that no copy outlives its use: a picture may have 75 MB
    with watch.stage("inference"):
        found = detector.detect(pixels, fields.thresholds, image_size=size, with_candidates=fields.candidates)
    with watch.stage("render"):
        jpeg = b""
        if fields.annotate:
            pixels = draw_detections(pixels, found.detections)
            jpeg = encode_jpeg(pixels)
    return Examined(found, size, jpeg, watch.milliseconds)


class Stopwatch:
    """Times the stages of a request, in milliseconds."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what is done within."""
        began = time.perf_counter()
        yield
        self.milliseconds[name] = round((time.perf_counter() - began) * 1000, 1)
