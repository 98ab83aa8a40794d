"""`python -m benchmarks.scaling PHOTOGRAPH`: what one core, one machine, and several instances behind nginx carry.

Three set-ups on this machine, each asked by clients who have a core of their own only where the
server leaves them one:

    one core    an instance with one thread, held to core 0
    machine     an instance with a thread for each core
    instances   an instance held to each core, and a real nginx that hands each request to the one with the fewest

The model is the one that PAGESIGHT_MODEL and PAGESIGHT_WEIGHTS_DIR name.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from api.settings import Settings
from benchmarks.load import Load, measure
from benchmarks.servers import environment_of
from benchmarks.tables import table
from harness.gunicorn_server import running_server
from harness.http_client import Client
from harness.waiting import wait_until

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
    photograph = arguments.photograph.read_bytes()
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
                load = measure(clients, arguments.seconds, lambda: Client(port).detect(photograph).status == 200)
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
        ports = [stack.enter_context(running_instance(cores)) for cores in instances]
        if len(ports) > 1:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            stack.enter_context(ended(start_balancer(Path(folder), ports)))
            wait_until(lambda: is_ready(BALANCER_PORT))
        yield ports[0] if len(ports) == 1 else BALANCER_PORT


@contextmanager
def running_instance(cores: Sequence[int]) -> Iterator[int]:
    """Run an instance with one thread a core, held to these cores; gives its port."""
    held = ("taskset", "--cpu-list", ",".join(map(str, cores)))
    environment = {**environment_of(Settings.from_environment()), "PAGESIGHT_THREADS": str(len(cores))}
    with running_server(launcher=held, **environment) as server:
        yield server.port


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


def is_ready(port: int) -> bool:
    """Say whether somebody answers on this port, and is ready."""
    with suppress(OSError):
        return Client(port).get("/readyz").status == 200
    return False


def describe(load: Load) -> tuple[str, ...]:
    """Return a row of the table."""
    numbers = (f"{load.per_second:.1f}", f"{load.p50:.0f}", f"{load.p99:.0f}")
    return (str(load.clients), *numbers, str(load.refused))


if __name__ == "__main__":
    main()
