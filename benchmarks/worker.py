"""A contestant's process: `python -m benchmarks.worker SPEC`, orders as JSON lines on stdin, answers on stdout.

SPEC is {"module", "options", "folder", "model"}. Orders:
{"do": "use", "image"}          an .npz with `image`, the input of `infer`
{"do": "raw", "to"}             raw outputs into an .npz
{"do": "detect", "image", "seconds"} and {"do": "infer", "seconds"}
                                one call that is not timed, then calls for at least so long: mean time of one,
                                and the share of it in which the main thread stood ready without a core
{"do": "first", "image"}        one detection, for the start-up time
{"do": "carry", "image", "clients", "seconds"}
                                so many threads at the same time: images a second
{"do": "memory"}                what the process holds and has held at most, in MB
"""

import importlib
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.load import measure
from benchmarks.memory import NOW, PEAK, megabytes


def main() -> None:
    """Load the contestant, then do what stdin says until it ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever libraries print shall not be taken for an answer
    spec = json.loads(sys.argv[1])
    from benchmarks.model_files import BenchmarkFiles

    module = importlib.import_module(spec["module"])
    contestant = module.load(BenchmarkFiles(spec["model"], Path(spec["folder"])), **spec["options"])

    def answer(order: dict[str, str | float]) -> dict[str, float]:
        match order["do"]:
            case "use":
                with np.load(order["image"]) as file:
                    contestant.use(file["image"])
            case "raw":
                np.savez(order["to"], *contestant.raw())
            case "infer":
                return timed(contestant.infer, float(order["seconds"]))
            case "detect":
                jpeg = Path(str(order["image"])).read_bytes()
                found = contestant.detect(jpeg)
                return {"found": found, **timed(lambda: contestant.detect(jpeg), float(order["seconds"]))}
            case "first":
                return {"found": contestant.detect(Path(str(order["image"])).read_bytes())}
            case "carry":
                jpeg = Path(str(order["image"])).read_bytes()
                load = measure(int(order["clients"]), float(order["seconds"]), lambda: contestant.carry(jpeg))
                return {"per_second": load.per_second}
            case "memory":
                return {"now_mb": megabytes(NOW), "peak_mb": megabytes(PEAK)}
        return {}

    for line in sys.stdin:
        answers.write(json.dumps(answer(json.loads(line))) + "\n")
        answers.flush()


def timed(call: Callable[[], object], seconds: float) -> dict[str, float]:
    """Call once for the caches, then until `seconds` have passed; return the mean time and the share waited."""
    call()
    calls, waited, start = 0, waited_seconds(), time.perf_counter()
    while not calls or time.perf_counter() - start < seconds:
        call()
        calls += 1
    elapsed = time.perf_counter() - start
    return {"seconds": elapsed / calls, "waited": (waited_seconds() - waited) / elapsed}


def waited_seconds() -> float:
    """Return how long the main thread was ready to run and had no core (0 where Linux does not say).

    Not the other threads: some pools keep more of them than there are cores, and those wait for each other.
    """
    path = Path("/proc/self/schedstat")
    return int(path.read_text().split()[1]) / 1e9 if path.exists() else 0.0


if __name__ == "__main__":
    main()
