"""One image from its bytes to a result and a drawn picture: all the work on pixels for a request."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from api.images.decode import decode_image
from api.images.encode import encode_jpeg
from api.images.limits import ImageLimits
from api.models.engines.cores import Cores
from api.models.model import Model, Step
from api.tasks.chaining import Stopped
from api.tasks.registry import TASKS
from api.work.watchdog import Watchdog


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """What is asked of an image, whatever the task. `orientation` None: that of the file's own EXIF tag."""

    data: bytes
    orientation: int | None = None
    annotate: bool = True
    display_width: int | None = None  # in CSS pixels


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it. `size` is (height, width) upright; `jpeg` is empty if no picture was asked for.

    `answer` is the result as JSON, the task's part of it, and why a chain stopped. `steps` are those of a chain.
    """

    result: Any
    answer: dict[str, Any]
    size: tuple[int, int]
    jpeg: bytes
    milliseconds: dict[str, float]
    steps: tuple[Step, ...] = ()
    stopped: Stopped | None = None


class ImageWork:
    """Works on images, within the limits of this process."""

    def __init__(self, watchdog: Watchdog, cores: Cores, limits: ImageLimits) -> None:
        self._watchdog = watchdog
        self._cores = cores
        self._limits = limits

    def run(self, request: ImageRequest, model: Model, options: Any) -> Outcome:
        """Decode, run the model, draw. Raises BadRequest, UnsupportedImage, RefusedImage, Hung, NotReady."""

        def work() -> Outcome:
            with self._cores.taken():
                return run_image(request, model, options, self._limits)

        return self._watchdog.run(work)


def run_image(request: ImageRequest, model: Model, options: Any, limits: ImageLimits) -> Outcome:
    """Decode, run the model, draw. Raises BadRequest, UnsupportedImage, RefusedImage."""
    watch = Stopwatch()
    with watch.stage("decode"):
        enough_for = None if request.annotate else model.enough_side()
        image = decode_image(request.data, orientation=request.orientation, limits=limits, enough_for=enough_for)
    size, pixels = image.size, image.pixels
    del image  # a picture may have 75 MB, so no copy outlives its use
    with watch.stage("inference"):
        answered = model.answer(pixels, options, [size])
    result = answered.results[0]
    task = TASKS[model.card.task]
    if task.explain and options.explain and not answered.stopped:
        with watch.stage("explain"):
            result = model.explain(pixels, result, image_size=size)
    with watch.stage("render"):
        answer = task.to_json(result, options)
        if answered.stopped:
            answer["stopped"] = asdict(answered.stopped)
        jpeg = b""
        if request.annotate:
            pixels = task.draw(pixels, result, display_width=request.display_width)
            jpeg = encode_jpeg(pixels)
    return Outcome(result, answer, size, jpeg, watch.milliseconds, answered.steps, answered.stopped)


class Stopwatch:
    """Times the stages of a request, in milliseconds."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time the block."""
        began = time.perf_counter()
        yield
        self.milliseconds[name] = round((time.perf_counter() - began) * 1000, 1)
