"""A detector that learns, one step after the other.

Every step has its own photographs and its own chance, which follow from the seed and the number of the step alone. So a
training that was killed goes on from the state that was kept, and comes to the same weights.
"""

import math
import time
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from api.training.backbones import choose_device
from api.training.detection.augment import apply, make_augmentation, make_plain
from api.training.detection.average_precision import Boxes, Precision, measure
from api.training.detection.dataset import BoxedPhotograph
from api.training.detection.networks import Start
from api.training.detection.pixels import Pixels, Sample
from api.training.detection.plan import Plan
from api.training.detection.state import Epoch, State
from api.training.errors import TrainingError
from api.training.progress import Progress, Stopped

LEAST_STEPS = 25  # of an epoch: a few photographs are gone through several times
KEEP_S = 60.0  # between two states that are kept
PATIENCE = 10  # epochs without a higher AP, and it ends
WARM_UP = 0.05  # of all steps
LONGEST_GRADIENT = 10.0
# By whether it is an SSD, and whether it knows COCO: the highest learning rate.
RATES = {(True, True): 5e-4, (True, False): 5e-3, (False, True): 1e-4, (False, False): 5e-4}


class Training:
    """A network that learns, one step after the other."""

    def __init__(
        self,
        plan: Plan,
        start: Start,
        learnt: Sequence[BoxedPhotograph],
        measured: Sequence[BoxedPhotograph],
        progress: Progress,
    ) -> None:
        self.plan, self.progress, self.start = plan, progress, start
        self.device = choose_device()
        self.network = start.network.to(self.device)
        size = start.size if start.is_stretched else None
        longest = 2 * max(start.size) if start.is_stretched else start.size[1]
        self.learnt = Pixels(learnt, longest, plan.limits)
        self.measured = Pixels(measured, longest, plan.limits)
        self.augmentation, self.plain = make_augmentation(size), make_plain(size)
        self.batch = min(plan.batch or (16 if start.is_stretched else 4), len(learnt))
        self.steps_an_epoch = max(math.ceil(len(learnt) / self.batch), LEAST_STEPS)
        self.steps = self.steps_an_epoch * plan.epochs
        self.highest_rate = RATES[start.is_stretched, start.weights is not None]
        self.optimizer = torch.optim.AdamW(self.network.parameters(), lr=self.highest_rate, weight_decay=1e-4)

    def close(self) -> None:
        """Let the threads go."""
        self.learnt.close()
        self.measured.close()

    def run(self, digest: str) -> State:
        """Learn until the last step, or until nothing gets better; goes on from what was kept of this training."""
        state = State.load(self.plan.folder, digest, self.device)
        if state:
            self.network.load_state_dict(state.network)
            self.optimizer.load_state_dict(state.optimizer)
            self.progress.say(f"Going on from step {state.step} of {self.steps}, which was kept.")
        else:
            state = State(digest)
        self.progress.begin("learning", self.steps - state.step)
        begun, before = time.monotonic(), state.seconds
        kept = begun
        for samples in self._batches(state.step):
            if self._is_over(state):
                break
            state.loss += self._learn(state.step, samples)
            state.step += 1
            now = time.monotonic()
            state.seconds = before + now - begun
            if state.step % self.steps_an_epoch == 0:
                self._end_epoch(state)
            self.progress.advance(self._note(state))
            must_stop = self.progress.must_stop
            if state.step % self.steps_an_epoch == 0 or now - kept > KEEP_S or must_stop:
                self._keep(state)
                kept = now
            if must_stop:
                raise Stopped("Stopped while learning.")
        if not state.best_epoch.ap:
            self.progress.say("It has found nothing that is right: docs/train-detector.md, When it learns nothing.")
        return state

    def measure(self, weights: dict[str, Tensor]) -> Precision:
        """Return the precision on the photographs that are held out, of a network with these weights."""
        self.network.load_state_dict(weights)
        return self._measure()

    def _batches(self, first: int) -> Iterator[list[Sample]]:
        """Yield the samples of each step from `first` on; those of the next one are decoded meanwhile."""
        coming = self.learnt.order(self._numbers(first)) if first < self.steps else []
        for step in range(first, self.steps):
            now, coming = coming, self.learnt.order(self._numbers(step + 1)) if step + 1 < self.steps else []
            yield [future.result() for future in now]

    def _numbers(self, step: int) -> list[int]:
        """Return the photographs of a step: all of them in turn, shuffled anew each time."""
        count = len(self.learnt)
        places = range(step * self.batch, (step + 1) * self.batch)
        shuffled = {
            turn: np.random.default_rng([self.plan.seed, turn]).permutation(count)
            for turn in {at // count for at in places}
        }
        return [int(shuffled[at // count][at % count]) for at in places]

    def _learn(self, step: int, samples: Sequence[Sample]) -> float:
        """Take one step, and return the loss before it. Raises TrainingError."""
        torch.manual_seed(self.plan.seed * 1_000_003 + step)
        changed = [apply(self.augmentation, *sample) for sample in samples]
        images = [image.to(self.device) for image, _ in changed]
        targets = [
            {"boxes": target["boxes"].to(self.device), "labels": target["labels"].to(self.device) + 1}
            for _, target in changed
        ]
        self._set_training()
        for group in self.optimizer.param_groups:
            group["lr"] = self.highest_rate * rate_at(step / self.steps)
        loss = sum(self.network(images, targets).values(), torch.zeros((), device=self.device))
        if not torch.isfinite(loss):
            raise TrainingError(
                f"the loss is no number any more at step {step}: take another SEED, or look at the boxes"
            )
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), LONGEST_GRADIENT)
        self.optimizer.step()
        return float(loss.detach())

    def _set_training(self) -> None:
        """Let the network learn. Of an R-CNN that knows COCO the statistics stay: its batches are small."""
        self.network.train()
        if self.start.weights and not self.start.is_stretched:
            for layer in self.network.backbone.modules():
                if isinstance(layer, nn.BatchNorm2d):
                    layer.eval()

    def _end_epoch(self, state: State) -> None:
        precision = self._measure()
        number, loss = len(state.epochs) + 1, state.loss / self.steps_an_epoch
        state.epochs.append(Epoch(number, loss, precision.ap, precision.ap50))
        state.loss = 0.0
        if state.best_epoch.number == number:
            state.best = {name: values.detach().clone() for name, values in self.network.state_dict().items()}

    @torch.inference_mode()
    def _measure(self) -> Precision:
        self.network.eval()
        truth, found = [], []
        for first in range(0, len(self.measured), self.batch):
            numbers = range(first, min(first + self.batch, len(self.measured)))
            fitted = [apply(self.plain, *one.result()) for one in self.measured.order(numbers)]
            answers = self.network([image.to(self.device) for image, _ in fitted])
            truth += [Boxes(target["boxes"].numpy(), target["labels"].numpy()) for _, target in fitted]
            found += [_found({name: values.cpu() for name, values in answer.items()}) for answer in answers]
        return measure(truth, found)

    def _is_over(self, state: State) -> bool:
        """Return whether the AP has not grown for long. It must have grown at all: the beginning may be slow."""
        if not state.epochs or not state.best_epoch.ap:
            return False
        return len(state.epochs) - state.best_epoch.number >= PATIENCE

    def _keep(self, state: State) -> None:
        state.network, state.optimizer = self.network.state_dict(), self.optimizer.state_dict()
        state.save(self.plan.folder)

    def _note(self, state: State) -> str:
        """Return how it stands, in a few words."""
        words = f"epoch {math.ceil(state.step / self.steps_an_epoch)} of {self.plan.epochs}"
        if state.epochs:
            words += (
                f", loss {state.epochs[-1].loss:.3f}, AP {state.epochs[-1].ap:.3f} (best {state.best_epoch.ap:.3f})"
            )
        return words


def rate_at(done: float) -> float:
    """Return the learning rate, 0 to 1, after a share of all steps: a straight rise, then half a cosine."""
    if done < WARM_UP:
        return max(done / WARM_UP, 0.01)
    return 0.01 + 0.99 * (1 + math.cos(math.pi * (done - WARM_UP) / (1 - WARM_UP))) / 2


def _found(answer: dict[str, Tensor]) -> Boxes:
    return Boxes(answer["boxes"].numpy(), answer["labels"].numpy() - 1, answer["scores"].numpy())
