"""How long a detector takes to learn from one photograph on a processor: a table.

    python -m benchmarks.detector_training [--threads 1] [--steps 3] [--builders NAME ...]

The photographs are noise of 640 x 480 pixels with two boxes each, which take as long as real ones. A step is what
`make train` does: augmentation, forwards, backwards, the optimizer. Counted is the CPU time of all threads, on which
other programs have little effect; on idle cores it is spread over them.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch

from api.training.detection.augment import apply, make_augmentation
from api.training.detection.networks import BUILDERS, begin
from benchmarks.machine import describe_machine

BATCHES = {True: 16, False: 2}  # of SSDs, and of R-CNNs
HEIGHT, WIDTH = 480, 640
BOXES = ((40.0, 50.0, 260.0, 300.0), (300.0, 100.0, 500.0, 420.0))
PHOTOGRAPHS, EPOCHS = 200, 40  # of the last column


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--builders", nargs="+", choices=BUILDERS, default=[BUILDERS[0], BUILDERS[1], BUILDERS[3]])
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    print(f"On {describe_machine()}, {asked.threads} thread(s).\n")
    print(f"| network | input | CPU s a photograph | CPU h for {PHOTOGRAPHS} photographs, {EPOCHS} epochs |")
    print("| --- " * 4 + "|")
    for builder in asked.builders:
        size, seconds = measure(builder, asked.steps)
        hours = seconds * PHOTOGRAPHS * EPOCHS / 3600
        print(f"| {builder} | {size[0]} x {size[1]} | {seconds:.2f} | {hours:.1f} |", flush=True)


def measure(builder: str, steps: int) -> tuple[tuple[int, int], float]:
    """Return the input's size and the least CPU seconds that a step took, for each of its photographs."""
    torch.manual_seed(0)
    start = begin(builder, ("one", "other"), None, Path())
    network, batch = start.network, BATCHES[start.is_stretched]
    network.train()
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-4)
    augmentation = make_augmentation(start.size if start.is_stretched else None)
    pixels = np.random.default_rng(0).integers(0, 255, (3, HEIGHT, WIDTH), np.uint8)
    sample = torch.from_numpy(pixels), torch.tensor(BOXES), torch.tensor([0, 1])
    times = []
    for _ in range(steps):
        begun = time.process_time()
        changed = [apply(augmentation, *sample) for _ in range(batch)]
        targets = [{"boxes": target["boxes"], "labels": target["labels"] + 1} for _, target in changed]
        loss = sum(network([image for image, _ in changed], targets).values())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        times.append(time.process_time() - begun)
    return start.size, min(times) / batch


if __name__ == "__main__":
    main()
