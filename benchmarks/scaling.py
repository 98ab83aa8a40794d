"""`python -m benchmarks.scaling PHOTOGRAPH`: what one core, one machine, and several instances behind nginx carry.

Three set-ups on this machine, each asked by the clients of `serve_load`, who have a core of their own only where the
server leaves them one:

    one core    an instance with one thread, held to core 0
    machine     an instance with a thread for each core
    instances   an instance held to each core, and a real nginx that hands each request to the one with the fewest

The model is the one that PAGESIGHT_MODEL and PAGESIGHT_WEIGHTS_DIR name.
"""

import argparse
import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.serve_load import Load, measure
from benchmarks.tables import table
from harness.allocator import ALLOCATOR
from harness.http_client import encode_form

CONFIG = "python:api.server.gunicorn_conf"
FIRST_PORT = 5980
BALANCER_PORT = 5979
CLIENTS = (1, 4, 8)
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or "nginx"
BALANCER = """
daemon off; pid {folder}/pid; worker_processes 1; error_log stderr crit; events {{ }}
http {{
    access_log off; client_max_body_size 12m; client_body_buffer_size 12m;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi; proxy_max_temp_file_size 0; proxy_buffers 512 64k;
    upstream pagesight {{ least_conn; {servers} }}
    server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://pagesight; proxy_http_version 1.1; }} }}
}}
"""


def main() -> None:
    """Measure the three set-ups, print their table, write `scaling-MODEL.json`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photograph", type=Path)
    parser.add_argument("--seconds", type=float, default=6.0, help="for each number of clients")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    arguments = parser.parse_args()
    body, headers = encode_form(arguments.photograph.read_bytes())
    cores = sorted(os.sched_getaffinity(0))
    setups: dict[str, Sequence[Sequence[int]]] = {
        "one core": [cores[:1]],
        "machine": [cores],
        "instances": [[core] for core in cores],
    }
    rows = []
    for name, instances in setups.items():
        with running(instances) as port:
            for clients in CLIENTS:
                load = measure(clients, arguments.seconds, asker(port, body, headers))
                rows.append((name, *describe(load)))
                print(*rows[-1], file=sys.stderr)
    print(table(("set-up", "clients", "a second", "p50, ms", "p99, ms", "refused"), rows))
    arguments.out.mkdir(parents=True, exist_ok=True)
    path = arguments.out / f"scaling-{os.environ.get('PAGESIGHT_MODEL', 'yolov3')}.json"
    path.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


@contextmanager
def running(instances: Sequence[Sequence[int]]) -> Iterator[int]:
    """Run an instance on each of these sets of cores, and nginx before several; gives the port to ask."""
    with ExitStack() as stack:
        ports = [FIRST_PORT + number for number in range(len(instances))]
        for port, cores in zip(ports, instances, strict=True):
            stack.enter_context(ended(start_instance(port, cores)))
        for port in ports:
            wait_until_ready(port)
        if len(ports) > 1:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            stack.enter_context(ended(start_balancer(Path(folder), ports)))
            wait_until_ready(BALANCER_PORT)
        yield ports[0] if len(ports) == 1 else BALANCER_PORT


def start_instance(port: int, cores: Sequence[int]) -> subprocess.Popen[bytes]:
    """Start gunicorn with one thread a core, held to these cores, and a queue that refuses nobody here."""
    held = ["taskset", "--cpu-list", ",".join(map(str, cores))]
    gunicorn = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        "python:api.server.gunicorn_conf",
        "--bind",
        f"127.0.0.1:{port}",
    ]
    environment = {**os.environ, **ALLOCATOR, "PAGESIGHT_THREADS": str(len(cores)), "PAGESIGHT_QUEUE": "32"}
    return subprocess.Popen([*held, *gunicorn], env={**environment, "PAGESIGHT_LOG_LEVEL": "WARNING"})


def start_balancer(folder: Path, ports: Sequence[int]) -> subprocess.Popen[bytes]:
    """Start an nginx that knows these instances."""
    servers = " ".join(f"server 127.0.0.1:{port};" for port in ports)
    configuration = folder / "nginx.conf"
    configuration.write_text(BALANCER.format(folder=folder, servers=servers, port=BALANCER_PORT), encoding="utf-8")
    return subprocess.Popen([NGINX, "-c", str(configuration), "-e", "stderr"])


@contextmanager
def ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """End the process afterwards."""
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def wait_until_ready(port: int) -> None:
    """Wait for `/readyz`."""
    deadline = time.monotonic() + 120
    while ask(port, "GET", "/readyz", None, {}) != http.client.OK:
        if time.monotonic() > deadline:
            raise TimeoutError(f"nobody is ready on port {port}")
        time.sleep(0.05)


def describe(load: Load) -> tuple[str, ...]:
    """Return a row of the table."""
    numbers = (f"{load.per_second:.1f}", f"{load.p50:.0f}", f"{load.p99:.0f}")
    return (str(load.clients), *numbers, str(load.refused))


def asker(port: int, body: bytes, headers: dict[str, str]) -> Callable[[], bool]:
    """Return what sends the photograph once and says whether it was answered."""
    return lambda: ask(port, "POST", "/", body, headers) == http.client.OK


def ask(port: int, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> int:
    """Return the status of one answer, read to its end; 0 where nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        response.read()
    except OSError:
        return 0
    finally:
        connection.close()
    return response.status


if __name__ == "__main__":
    main()
