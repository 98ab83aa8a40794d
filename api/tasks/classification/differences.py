"""By how much two programs that run one model give the labels of an image other probabilities."""

from dataclasses import replace

from api.tasks.classification.types import Classes, ClassificationOptions
from api.tasks.task import Differences, Run

LIMITS = {"probability": 0.01}
MOST = 100  # labels that can be asked for


def measure(
    one: Run[ClassificationOptions, Classes], other: Run[ClassificationOptions, Classes], options: ClassificationOptions
) -> dict[str, float]:
    """Return the largest difference of the labels that either gives."""
    far = 0.0
    for asked, answers in ((one, other), (other, one)):
        found = {each.class_id: each.confidence for each in answers(replace(options, top=MOST)).classes}
        apart = [abs(each.confidence - found.get(each.class_id, 0.0)) for each in asked(options).classes]
        far = max(far, *apart)
    return {"probability": far}


DIFFERENCES = Differences(LIMITS, measure)
