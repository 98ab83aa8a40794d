"""fastai's own way (https://docs.fast.ai/tutorial.vision.html): `vision_learner`, `fine_tune`, all else by default.

That is a head that learns for one epoch, then all layers for four more, in batches of 64, one cycle each, with fastai's
augmentation. Pictures have the side of the plan, and no figure is taken from another place than the last epoch.
"""

from benchmarks.training.plan import Epoch, Plan, elapsed, run_peer  # isort: skip - the clock starts here

import os
import shutil
import tempfile
from pathlib import Path

EPOCHS = 4


def train(plan: Plan) -> tuple[list[int], list[Epoch]]:
    """Fine-tune; see run_peer."""
    with tempfile.TemporaryDirectory() as home:
        checkpoints = Path(home) / "hub" / "checkpoints"
        checkpoints.mkdir(parents=True)
        shutil.copyfile(
            plan.weights, checkpoints / "mobilenet_v2-b0353104.pth"
        )  # where torchvision would download it to
        os.environ["TORCH_HOME"] = home
        return _train(plan)


def _train(plan: Plan) -> tuple[list[int], list[Epoch]]:
    import torch
    from fastai.vision.all import (
        Callback,
        CategoryBlock,
        DataBlock,
        ImageBlock,
        IndexSplitter,
        Resize,
        accuracy,
        aug_transforms,
        default_split,
        imagenet_stats,
        model_meta,
        set_seed,
        vision_learner,
    )
    from torchvision.models import MobileNet_V2_Weights, mobilenet_v2

    class Clock(Callback):
        """Notes the accuracy and the time after each epoch."""

        order = 100

        def after_epoch(self) -> None:
            values = self.recorder.values[-1]  # losses, then the accuracy
            epochs.append(Epoch(float(values[-1]) if len(values) else 0.0, elapsed()))

    epochs: list[Epoch] = []
    torch.set_num_threads(plan.threads)
    set_seed(plan.seed)
    labels = dict([*plan.learnt, *plan.held_out])
    files = list(labels)
    block = DataBlock(
        blocks=(ImageBlock, CategoryBlock(vocab=list(range(len(plan.labels))), sort=False)),
        get_y=lambda path: labels[path],  # a function, because fastai asks a function for its parameters
        splitter=IndexSplitter(range(len(plan.learnt), len(files))),
        item_tfms=Resize(plan.side),
        batch_tfms=aug_transforms(do_flip=plan.mirrors),
    )
    loaders = block.dataloaders(files, num_workers=0)
    # fastai looks for a layer that pools, and this network has none: all but its head is taken.
    weights = MobileNet_V2_Weights.IMAGENET1K_V1
    model_meta[mobilenet_v2] = {"cut": -1, "split": default_split, "stats": imagenet_stats, "weights": weights}
    learner = vision_learner(loaders, mobilenet_v2, metrics=accuracy, cbs=Clock())
    with learner.no_bar(), learner.no_logging():
        learner.fine_tune(EPOCHS)
        learned = list(epochs)
        scores, _ = learner.get_preds()
    return scores.argmax(dim=1).tolist(), learned


if __name__ == "__main__":
    run_peer(train)
