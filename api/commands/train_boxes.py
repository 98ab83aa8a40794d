"""What `make train` does for a folder of photographs with boxes."""

from argparse import Namespace
from collections.abc import Iterator

from api.images.limits import ImageLimits
from api.settings import Settings
from api.training.detection.plan import Plan
from api.training.detection.train import Trained, train_detector
from api.training.progress import Progress


def train_boxes(asked: Namespace, settings: Settings, progress: Progress) -> str:
    """Train a detector; returns what came of it, in words. Raises TrainingError."""
    plan = Plan(
        name=asked.name,
        data=asked.data,
        weights_dir=settings.weights_dir,
        seed=asked.seed,
        size=asked.size,
        threads=settings.threads,
        limits=ImageLimits(max_megapixels=settings.max_megapixels),
        **({"builder": asked.backbone} if asked.backbone else {}),
        **({"epochs": asked.epochs} if asked.epochs else {}),
    )
    return "\n".join(_describe(plan, train_detector(plan, progress))) + "\n"


def _describe(plan: Plan, trained: Trained) -> Iterator[str]:
    precision = trained.precision
    best = max(trained.epochs, key=lambda epoch: epoch.ap)
    yield (
        f"{plan.name}: AP {precision.ap:.3f}, AP50 {precision.ap50:.3f} on photographs that it has not learnt from,"
        f" after epoch {best.number} of {len(trained.epochs)}, in {trained.seconds / 60:.1f} minutes."
    )
    width = max(len(label) for label in trained.labels)
    for number, label in enumerate(trained.labels):
        one = precision.labels.get(number)
        found = f"AP {one.ap:.3f}  AP50 {one.ap50:.3f}  boxes {one.boxes}" if one else "not among those held out"
        yield f"  {label:<{width}}  {found}"
    yield f"Written into {plan.weights_dir}: {', '.join(path.name for path in trained.files)}, {plan.folder.name}/"
    yield f"See it: MODEL={plan.name} make run"
    yield f"Measure it as it serves: MODEL={plan.name} make evaluate DATA={plan.folder / 'validation'}"
