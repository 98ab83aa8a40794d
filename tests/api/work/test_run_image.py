"""api/work/run_image.py: an image that is worked on counts as one of those that share the cores."""

from contextlib import ExitStack
from dataclasses import replace

import numpy as np
import pytest

from api.images.limits import ImageLimits
from api.models.engines.cores import Cores
from api.models.model import Model
from api.tasks.detection.types import DetectionOptions
from api.work.run_image import ImageRequest, ImageWork
from api.work.watchdog import Watchdog


@pytest.mark.parametrize(("others", "share"), [(0, 2), (1, 1)])
def test_images_at_once_share_the_cores(model: Model, dog: bytes, others: int, share: int):
    cores, seen = Cores(2, clock=lambda: 1_000.0), []
    engine = model.engine

    def note(x: np.ndarray) -> object:
        seen.append(cores.share())
        return engine(x)

    work = ImageWork(Watchdog(threads=1, on_hang=lambda: None), cores, ImageLimits())
    with ExitStack() as stack:
        for _ in range(others):
            stack.enter_context(cores.taken())
        outcome = work.run(ImageRequest(dog), replace(model, engine=note), DetectionOptions())
    assert outcome.result.detections
    assert seen == [share]
