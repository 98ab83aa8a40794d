"""api/work/run_image.py: an image that is worked on counts as one of those that share the cores."""

from contextlib import ExitStack

import pytest
import torch

from api.images.limits import ImageLimits
from api.models.darknet.detector import Detector
from api.tasks.detection.types import Thresholds
from api.web.form import DetectFields
from api.work.run_image import examine

FIELDS = DetectFields(orientation=None, thresholds=Thresholds(), annotate=False, candidates=False)


@pytest.mark.parametrize(("others", "share"), [(0, 2), (1, 1)])
def test_images_at_once_share_the_cores(
    detector: Detector, dog: bytes, monkeypatch: pytest.MonkeyPatch, others: int, share: int
):
    threads, seen = detector.runtime.threads, set()
    adopt = threads.adopt

    def note() -> None:
        adopt()
        seen.add(torch.get_num_threads())

    monkeypatch.setattr("api.models.engines.cores.HANDOVER_S", 0.0)
    monkeypatch.setattr(threads, "adopt", note)
    with ExitStack() as stack:
        for _ in range(others):
            stack.enter_context(threads.taken())
        assert examine(dog, FIELDS, detector, ImageLimits()).found.detections
    assert seen == {share}
