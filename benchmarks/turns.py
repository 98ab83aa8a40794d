"""Contestants take turns, round by round in shuffled order; turns that other load disturbed are thrown away."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from benchmarks.contestants import Worker

TURN_SECONDS = 0.04  # a turn lasts at least so long
PAUSE_SECONDS = 0.08  # until the threads of the one before have gone to sleep
MOST_WAITED = 0.03  # share of a turn in which its main thread stood ready without a core
MOST_STOLEN = 0.01  # share of the machine that the hypervisor gave to others
PATIENCE = 3  # times the rounds that are wanted


@dataclass(frozen=True)
class Task:
    """What is timed: the bare network on a square (`image` None), or a photograph's bytes to detections."""

    name: str
    image: Path | None = None


@dataclass(frozen=True)
class Turn:
    """One contestant's time for one task in one round."""

    task: str
    contestant: str
    round: int
    seconds: float
    waited: float
    undisturbed: bool


def take_turns(workers: Sequence[Worker], task: Task, rounds: int, progress: tqdm) -> list[Turn]:
    """Return the turns, until enough rounds were undisturbed for those who always take part, or patience ends."""
    shuffled = random.Random(task.name)  # noqa: S311, so that a run can be repeated
    turns: list[Turn] = []
    good = 0
    for number in range(PATIENCE * rounds):
        round_turns = []
        stolen, start = stolen_seconds(), time.perf_counter()
        taking_part = [worker for worker in workers if number % worker.entry.every == 0]
        for worker in shuffled.sample(taking_part, len(taking_part)):
            progress.set_postfix_str(f"{task.name}: {worker.entry.name}", refresh=False)
            time.sleep(PAUSE_SECONDS)
            if task.image is None:
                answer = worker.ask("infer", seconds=TURN_SECONDS)
            else:
                answer = worker.ask("detect", seconds=TURN_SECONDS, image=str(task.image))
            round_turns.append((worker.entry, answer["seconds"], answer["waited"]))
        calm = (stolen_seconds() - stolen) / (time.perf_counter() - start) <= MOST_STOLEN
        turns += [
            Turn(task.name, entry.name, number, seconds, waited, calm and waited <= MOST_WAITED)
            for entry, seconds, waited in round_turns
        ]
        is_good = calm and all(waited <= MOST_WAITED for entry, _, waited in round_turns if entry.every == 1)
        good += is_good
        progress.update(is_good)
        if good == rounds:
            break
    return turns


def stolen_seconds() -> float:
    """Return the time that the hypervisor took from this machine since its start (0 where Linux does not say)."""
    stat = Path("/proc/stat")
    if not stat.exists():
        return 0.0
    return int(stat.read_text().split("\n", 1)[0].split()[8]) / 100
