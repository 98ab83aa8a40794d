"""`python -m benchmarks.serve_load`: the whole server, gunicorn and all, at 1, 2, 4, 8 and 16 clients.

Each client sends one photograph after the other and waits for the annotated picture, over HTTP on this machine. The
bare model is measured in the same way: as many threads as there are slots run the network and nothing else.
"""

import argparse
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.models.engines.cores import Cores
from api.models.input import prepare_input
from api.models.load import load_model
from api.settings import PREFIX, Settings
from benchmarks.robustness.process import peak_mb, resident_mb
from harness.gunicorn_server import GunicornServer, running_server

CLIENTS = (1, 2, 4, 8, 16)
FIRST_REQUESTS = 100  # after which memory is read


@dataclass(frozen=True)
class Load:
    """What one number of clients saw; times in milliseconds."""

    clients: int
    requests: int
    per_second: float
    p50: float
    p99: float
    refused: int


def main() -> int:
    """Measure, print the table, write `server.json`; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photograph", type=Path)
    parser.add_argument("--seconds", type=float, default=20.0, help="for each number of clients")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    arguments = parser.parse_args()
    settings = Settings.from_environment()
    data = arguments.photograph.read_bytes()
    began = time.monotonic()
    with running_server(**environment_of(settings)) as server:
        started_s = round(time.monotonic() - began, 2)
        after_start = memory_mb(server)
        for _ in range(FIRST_REQUESTS):
            server.client.detect(data)
        after_first = memory_mb(server)
        loads = [
            measure(clients, arguments.seconds, lambda: server.client.detect(data).status == 200) for clients in CLIENTS
        ]
        after_load = memory_mb(server)
    model = measure_model(settings, data, arguments.seconds)
    stages = non_model_share(settings, data)
    result = {
        "model": settings.model,
        "start_to_ready_s": started_s,
        "memory_mb": {"ready": after_start, "served": after_first, "loaded": after_load},
        "bare_model": asdict(model),
        "clients": [asdict(load) for load in loads],
        **stages,
    }
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "server.json").write_text(json.dumps(result, indent=1) + "\n")
    print(f"bare model: {model.per_second:.1f} a second with {settings.slots} threads")
    for load in loads:
        print(format_load(load, model))
    rest = {key: value for key, value in result.items() if key not in ("clients", "bare_model")}
    print(json.dumps(rest, indent=1))
    return 0


def format_load(load: Load, model: Load) -> str:
    """Return a line for a person."""
    return (
        f"{load.clients:3} clients: {load.per_second:6.1f} a second ({load.per_second / model.per_second:4.0%} of the"
        f" model), p50 {load.p50:6.0f} ms, p99 {load.p99:6.0f} ms ({load.p99 / load.p50:.2f} x), {load.refused} refused"
    )


def environment_of(settings: Settings) -> dict[str, str]:
    """Return the owner's variables, as `make run` has them, with a queue that refuses nobody here."""
    given = {name: value for name, value in os.environ.items() if name.startswith(PREFIX)}
    queue = {"PAGESIGHT_QUEUE": "32", "PAGESIGHT_LOG_LEVEL": "WARNING"}
    return {**given, "PAGESIGHT_MODEL": settings.model, **queue}


def measure(clients: int, seconds: float, work: Callable[[], bool]) -> Load:
    """Let `clients` threads work for some seconds, after a fifth of it to warm up; what ends within them counts."""
    times: list[float] = []
    refused = 0
    lock = threading.Lock()
    begin = time.monotonic() + seconds / 5
    end = begin + seconds

    def client() -> None:
        nonlocal refused
        while (started := time.monotonic()) < end:
            accepted = work()
            ended = time.monotonic()
            with lock:
                if begin <= ended < end and accepted:
                    times.append(ended - started)
                refused += not accepted

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    p50, p99 = np.percentile(times, (50, 99)) * 1000
    return Load(clients, len(times), len(times) / seconds, float(p50), float(p99), refused)


def measure_model(settings: Settings, data: bytes, seconds: float) -> Load:
    """Return what the detector alone does on decoded pixels, with a thread for each slot."""
    cores = Cores(settings.threads)
    model = load_model(settings.served[0], settings.weights_dir, settings.run_options, cores)
    image = decode_image(data, orientation=None, limits=ImageLimits()).pixels
    x = prepare_input(image, model.card.input.place(image.shape[:2]), model.card.input)

    def infer() -> bool:
        with cores.taken():
            return bool(model.engine(x))

    return measure(settings.slots, seconds, infer)


def non_model_share(settings: Settings, data: bytes) -> dict[str, float]:
    """Return what of a single visitor's request is not the model, from the request's own times and the whole's."""
    with running_server(**environment_of(settings)) as server:
        rounds = []
        for _ in range(60):
            began = time.perf_counter()
            answer = server.client.detect(data).json
            whole = (time.perf_counter() - began) * 1000
            rounds.append((whole, answer["timings_ms"]["inference"]))
        whole, inference = np.median(rounds[10:], axis=0)
    return {"request_ms": round(float(whole), 1), "inference_ms": round(float(inference), 1),
            "not_inference": round(float(1 - inference / whole), 3)}  # fmt: skip


def memory_mb(server: GunicornServer) -> dict[str, float]:
    """Return resident memory of the worker, now and at its highest, in MB."""
    (pid,) = server.worker_pids
    return {"now": resident_mb(pid), "peak": peak_mb(pid)}


if __name__ == "__main__":
    sys.exit(main())
