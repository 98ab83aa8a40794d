"""`python -m benchmarks.serve_load`: the whole server, gunicorn and all, at 1, 2, 4, 8 and 16 clients.

Each client sends one photograph after the other and waits for the annotated picture, over HTTP on this machine. The
bare model is measured in the same way: as many threads as there are slots run the network and nothing else.
"""

import argparse
import http.client
import json
import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.models.darknet.detector import Detector
from api.settings import Settings
from api.work.allocator import give_back_at_once, keep_for_reuse

CONFIG = "python:api.server.gunicorn_conf"
CLIENTS = (1, 2, 4, 8, 16)
FIRST_REQUESTS = 100  # after which memory is read
PORT = 5978


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
    with running_server() as process:
        started_s = wait_until_ready()
        after_start = memory_mb(process)
        for _ in range(FIRST_REQUESTS):
            ask(data)
        after_first = memory_mb(process)
        loads = [measure(clients, arguments.seconds, lambda: ask(data)) for clients in CLIENTS]
        after_load = memory_mb(process)
    model = measure_model(settings, data, arguments.seconds)
    stages = non_model_share(data)
    result = {
        "model": settings.model,
        "start_to_ready_s": started_s,
        "memory_mb": {"imports": imports_mb(), "ready": after_start, "served": after_first, "loaded": after_load},
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


@contextmanager
def running_server() -> Iterator[subprocess.Popen[bytes]]:
    """Run gunicorn as `make run` does, with a queue that refuses nobody here."""
    environment = {**os.environ, "PAGESIGHT_QUEUE": "32", "PAGESIGHT_LOG_LEVEL": "WARNING"}
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        "python:api.server.gunicorn_conf",
        "--bind",
        f"127.0.0.1:{PORT}",
    ]
    process = subprocess.Popen(command, env=environment)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def wait_until_ready() -> float:
    """Return the seconds until `/readyz` says so."""
    began = time.monotonic()
    while time.monotonic() - began < 120:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return round(time.monotonic() - began, 2)
        except OSError:
            pass
        time.sleep(0.02)
    raise TimeoutError("the server did not become ready within 120 s")


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
    give_back_at_once()  # memory as the server has it
    detector = Detector.load(settings.model, settings.weights_dir, settings.run_options)
    keep_for_reuse()
    image = decode_image(data, orientation=None, limits=ImageLimits())
    tensor = detector.letterbox(image.size).to_tensor(image.pixels)

    def infer() -> bool:
        with detector.runtime.threads.taken():
            return bool(detector.runtime.run(tensor))

    return measure(settings.slots, seconds, infer)


def ask(data: bytes, fields: tuple[tuple[str, str], ...] = ()) -> bool:
    """Send one request; whether it was answered, not refused."""
    return post(data, fields)[0] == 200


def post(data: bytes, fields: tuple[tuple[str, str], ...] = ()) -> tuple[int, bytes]:
    """Send a photograph as a form; returns status and body."""
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields
    ]
    head = "".join(parts) + (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    )
    body = head.encode() + data + f"\r\n--{boundary}--\r\n".encode()
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=120)
    connection.request("POST", "/", body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})
    response = connection.getresponse()
    return response.status, response.read()


def non_model_share(data: bytes) -> dict[str, float]:
    """Return what of a single visitor's request is not the model, from the request's own times and the whole's."""
    with running_server():
        wait_until_ready()
        rounds = []
        for _ in range(60):
            began = time.perf_counter()
            body = post(data)[1]
            whole = (time.perf_counter() - began) * 1000
            answer = json.loads(body)
            rounds.append((whole, answer["timings_ms"]["inference"]))
        whole, inference = np.median(rounds[10:], axis=0)
    return {"request_ms": round(float(whole), 1), "inference_ms": round(float(inference), 1),
            "not_inference": round(float(1 - inference / whole), 3)}  # fmt: skip


def memory_mb(process: subprocess.Popen[bytes]) -> dict[str, float]:
    """Return resident memory of the worker, now and at its highest, in MB."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    status = dict(line.split(":", 1) for line in Path(f"/proc/{children[0]}/status").read_text().splitlines())
    return {key: int(status[name].split()[0]) / 1000 for key, name in (("now", "VmRSS"), ("peak", "VmHWM"))}


def imports_mb() -> float:
    """Return what a process holds that has only imported torch and torchvision, in MB."""
    program = "import torch, torchvision; print(open('/proc/self/status').read())"
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    return next(int(line.split()[1]) / 1000 for line in printed.splitlines() if line.startswith("VmRSS"))


if __name__ == "__main__":
    sys.exit(main())
