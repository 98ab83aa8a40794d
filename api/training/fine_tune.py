"""All layers, trained together: AdamW, one cycle, the best epoch wins; it can end and go on at any step."""

import time
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from api.training.adapt import adapt
from api.training.augment import augment
from api.training.backbones import Normalize
from api.training.features import compute, load_pixels
from api.training.progress import Progress, Stopped
from api.training.run import Epoch, RangeTest
from api.training.schedule import TRIALS, one_cycle, run_range_test
from api.training.state import State, StateFile

DECAY = 0.02
SMOOTHED = 0.05  # of a label's probability, given to the others: some labels are wrong
PATIENCE = 5  # epochs that may pass without a better one
SAVED_EVERY_S = 20.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lesson:
    """What is learnt from, and how. `train` and `validation` are places in pixels and labels."""

    pixels: NDArray[np.uint8]  # (N, height, width, 3)
    labels: Tensor  # (N,) int64
    train: NDArray[np.int64]
    validation: NDArray[np.int64]
    weights: Tensor  # (C,) of the labels in the loss
    mirrors: bool
    epochs: int
    batch: int
    seed: int

    @property
    def steps(self) -> int:
        """The steps of an epoch. What is left over when the batches are full has its turn in another one."""
        return max(1, len(self.train) // self.batch)


class FineTuning:
    """A network in training, on the device of the lesson's labels."""

    def __init__(self, network: nn.Module, normalize: Normalize, lesson: Lesson, progress: Progress) -> None:
        self._network = network
        self._normalize = normalize
        self._lesson = lesson
        self._progress = progress
        self._device = lesson.labels.device
        self._optimizer = _new_optimizer(network)

    def adapt(self, builder: str) -> None:
        """Let the network begin with norms and a head for these photographs."""
        one = self._lesson
        adapt(
            self._network,
            builder,
            self._normalize,
            one.pixels,
            one.labels,
            places=one.train,
            weights=one.weights,
            seed=one.seed,
        )
        self._network.to(memory_format=torch.channels_last)
        self._optimizer = _new_optimizer(self._network)

    def find_rate(self) -> RangeTest:
        """Return what the range test says; the network is afterwards as it was before. Raises Stopped."""
        before = self.copy_network()
        self._progress.begin("looking for the learning rate", TRIALS)

        def loss_at(number: int, rate: float) -> float:
            loss = self._step(number - TRIALS, rate)
            self._progress.advance()
            self._stop_if_asked()
            return loss

        found = run_range_test(loss_at)
        self._network.load_state_dict(before)
        self._optimizer = _new_optimizer(self._network)
        return found

    def run(self, state: State, file: StateFile) -> State:
        """Train on from `state` to the end; returns the last one. Raises Stopped, with the state in the file."""
        lesson, began_s = self._lesson, time.monotonic() - state.seconds
        self._restore(state)
        total = lesson.epochs * lesson.steps
        self._progress.begin("training all layers", total - state.step)
        saved_s = time.monotonic()
        while state.step < total and state.step // lesson.steps <= state.best_epoch + PATIENCE:
            loss = self._step(state.step, one_cycle(state.step, total, state.range_test.chosen))
            state = replace(state, step=state.step + 1, loss=state.loss + loss)
            ends = state.step % lesson.steps == 0
            if ends:
                state = self._end_epoch(state, total)
            self._progress.advance(_note(state))
            if ends or self._progress.must_stop or time.monotonic() > saved_s + SAVED_EVERY_S:
                file.save(self._whole(state, time.monotonic() - began_s))
                saved_s = time.monotonic()
                self._stop_if_asked()
        self._network.load_state_dict(state.best)
        return replace(state, seconds=time.monotonic() - began_s)

    def logits(self, places: NDArray[np.int64]) -> Tensor:
        """Return (n, C) float32 on the processor, for these photographs as they are."""
        return torch.cat(list(compute(self._network, self._normalize, self._lesson.pixels, places)))

    def copy_network(self) -> dict[str, Tensor]:
        """Return the network's numbers as they are now."""
        return {name: value.detach().clone() for name, value in self._network.state_dict().items()}

    def _step(self, number: int, rate: float) -> float:
        """Take a step; returns the loss before it. All chance in it comes from the seed and the step's number."""
        torch.manual_seed((self._lesson.seed + 1) * 1_000_000_000 + number)
        pixels, labels = self._batch(number)
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        self._network.train()
        changed = augment(self._normalize(pixels), mirrors=self._lesson.mirrors)
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._device.type == "cuda"):
            scores = self._network(changed.contiguous(memory_format=torch.channels_last))
        loss = F.cross_entropy(scores.float(), labels, self._lesson.weights, label_smoothing=SMOOTHED)
        self._optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self._optimizer.step()
        return float(loss.detach())

    def _batch(self, number: int) -> tuple[Tensor, Tensor]:
        """Return the pixels and labels of a step; each epoch has an order of its own."""
        lesson = self._lesson
        epoch, step = divmod(number + TRIALS * lesson.steps, lesson.steps)  # those of the range test come first
        order = np.random.default_rng([lesson.seed, epoch]).permutation(lesson.train)
        places = order[step * lesson.batch : (step + 1) * lesson.batch]
        return load_pixels(lesson.pixels, places, self._device), lesson.labels[torch.from_numpy(places)]

    def _end_epoch(self, state: State, total: int) -> State:
        """Return the state with the epoch's record, and its network if that is the best so far."""
        lesson = self._lesson
        scores, labels = self.logits(lesson.validation), lesson.labels.cpu()[torch.from_numpy(lesson.validation)]
        steps = range(state.step - lesson.steps, state.step)
        epoch = Epoch(
            phase="all",
            number=state.step // lesson.steps,
            learning_rate=max(one_cycle(step, total, state.range_test.chosen) for step in steps),
            loss=state.loss / lesson.steps,
            validation_loss=float(F.cross_entropy(scores, labels)),
            validation_accuracy=float((scores.argmax(1) == labels).float().mean()),
        )
        state = replace(state, epochs=(*state.epochs, epoch), loss=0.0)
        if epoch.validation_loss >= state.best_loss:
            return state
        return replace(state, best=self.copy_network(), best_loss=epoch.validation_loss, best_epoch=epoch.number)

    def _whole(self, state: State, seconds: float) -> State:
        """Return the state with the network's and the optimizer's numbers, to be written."""
        optimizer = self._optimizer.state_dict()["state"]
        return replace(state, network=self._network.state_dict(), optimizer=optimizer, seconds=seconds)

    def _restore(self, state: State) -> None:
        if state.network:
            self._network.load_state_dict(state.network)
            groups = self._optimizer.state_dict()["param_groups"]
            self._optimizer.load_state_dict({"state": state.optimizer, "param_groups": groups})

    def _stop_if_asked(self) -> None:
        if self._progress.must_stop:
            raise Stopped("Stopped.")


def _new_optimizer(network: nn.Module) -> torch.optim.AdamW:
    """Return AdamW, with which only matrices and kernels decay."""
    parameters = list(network.parameters())
    kernels = [one for one in parameters if one.ndim > 1]
    others = [one for one in parameters if one.ndim <= 1]
    groups = [{"params": kernels, "weight_decay": DECAY}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=0.0)


def _note(state: State) -> str:
    last = state.epochs[-1]
    which = f"epoch {last.number}" if last.phase == "all" else "before"
    return f"{which}: {100 * last.validation_accuracy:.1f} % right"
