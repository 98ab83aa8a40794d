"""Looks for the marks of many visitors on disk, in logs and in answers, while strace watches every file that is opened.

    python -m benchmarks.robustness.canary [--visitors 500] [--quick]

Each visitor's requests are full of a mark of their own: names, addresses, headers, fields, metadata and pixels. strace
(Debian: strace) must be allowed to look at processes of this user, as root always is.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from benchmarks.robustness.rows import Row, finish, save
from harness.gunicorn_server import PROJECT, running_server
from harness.http_client import Client
from harness.life.canary import Canary, what_was_found
from harness.nginx_server import free_ports, running_nginx
from harness.waiting import wait_until

PHOTOGRAPH = PROJECT / "site" / "examples" / "dog.jpg"
CALLS = "open,openat,openat2,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,memfd_create,mknod,mknodat"
OPENED_TO_READ = re.compile(r"open(at)?\(.*\bO_RDONLY\b")
CREATES = re.compile(r"O_CREAT|O_TMPFILE")
ATTACHED_S = 20
OTHERS = ("/status_check", "/readyz", "/v1/labels", "/openapi.json", "/nowhere")


def main() -> None:
    """Measure and save the rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visitors", type=int, default=500)
    parser.add_argument("--quick", action="store_true", help="five visitors, to try this program")
    arguments = parser.parse_args()
    if not shutil.which("strace"):
        parser.error("strace is not here (Debian: sudo apt install strace)")
    visitors = 5 if arguments.quick else arguments.visitors
    with tempfile.TemporaryDirectory() as temporary, tempfile.TemporaryDirectory() as notes:
        rows = list(watch(visitors, Path(temporary), Path(notes)))
    save("canary", f"python -m benchmarks.robustness.canary --visitors {visitors}", rows)
    finish(rows)


def watch(visitors: int, temporary: Path, notes: Path) -> Iterator[Row]:
    """Serve the visitors, half of them through nginx; then look for what they left in the server's temporary folder.

    `notes` is a folder of this program's own.
    """
    (metrics_port,) = free_ports(1)
    environment = {
        "PAGESIGHT_LOG_LEVEL": "DEBUG",
        "PAGESIGHT_METRICS": f"127.0.0.1:{metrics_port}",
        "TMPDIR": str(temporary),
    }
    photograph = PHOTOGRAPH.read_bytes()
    marks, statuses, leaks = [], Counter[int](), 0
    with running_server(**environment) as api, running_nginx(api.host) as nginx:
        usual = what_was_found(api.client.detect(photograph))
        pids = [api.pid, *api.worker_pids, *nginx.workers()]
        with traced(pids, notes) as trace:
            for number in range(visitors):
                print(f"\rvisitor {number + 1} of {visitors} ", end="", file=sys.stderr, flush=True)
                canary = Canary()
                client = replace((api.client, nginx.client)[number % 2], address=address_of(number))
                statuses.update(answer.status for answer in canary.ask(client))
                marks.append(canary)
                others = [client.get(path).body for path in OTHERS] + [Client(metrics_port).get("/").body]
                leaks += sum(canary.is_in(body) for body in others)
                leaks += what_was_found(client.detect(photograph)) != usual
            print(file=sys.stderr)
        written = opened_to_write(trace)
        files = [path for folder in (temporary, nginx.folder) for path in folder.rglob("*") if path.is_file()]
        contents = [api.log(), *(path.read_text("utf-8", "replace") for path in files), trace.read_text("utf-8")]
    requests = f"{statuses.total():,} requests of {visitors} visitors"
    print(dict(statuses), *written, sep="\n", file=sys.stderr)
    yield Row(
        measure="files that API and nginx opened for writing (strace)",
        target="none",
        measured=f"{len(written)} in {requests}",
        met=not written,
    )
    found = sum(canary.is_in(content) for content in contents for canary in marks)
    yield Row(
        measure="visitors' marks in logs (at DEBUG), temporary files and paths of files",
        target="none",
        measured=f"{found} of {visitors} in {len(contents)} files",
        met=found == 0,
    )
    yield Row(
        measure="visitors' marks or pixels in other answers",
        target="none",
        measured=f"{leaks} in {visitors * (len(OTHERS) + 2):,} answers",
        met=leaks == 0,
    )


def address_of(visitor: int) -> str:
    """Return an address of the visitor's own: nginx refuses what one address asks too often."""
    return f"127.0.{1 + visitor // 250}.{1 + visitor % 250}"


@contextmanager
def traced(pids: list[int], folder: Path) -> Iterator[Path]:
    """Let strace note which files the processes and all their threads open; gives the file of its notes."""
    notes, words = folder / "trace", folder / "words"
    watched = [word for pid in pids for word in ("-p", str(pid))]
    with words.open("w") as messages:
        strace = subprocess.Popen(
            ["strace", "-f", "-e", f"trace={CALLS}", "-e", "signal=none", "-o", notes, *watched], stderr=messages
        )
    try:
        wait_until_attached(words, len(pids))
        yield notes
    finally:
        strace.terminate()
        strace.wait()


def wait_until_attached(words: Path, count: int) -> None:
    """Wait until strace says that it watches so many processes."""
    wait_until(
        lambda: len(re.findall(r"Process \d+ attached", words.read_text())) >= count,
        lambda: f"strace could not attach: {words.read_text()}",
        limit_s=ATTACHED_S,
    )


def opened_to_write(trace: Path) -> list[str]:
    """Return the calls that could have put something on disk."""
    lines = trace.read_text("utf-8", "replace").splitlines()
    # Not "+++ exited with 0 +++", and not "???( <detached ...>", where strace let go of a process in the middle.
    calls = [line for line in lines if "(" in line and "resumed>" not in line and "???(" not in line]
    return [call for call in calls if not OPENED_TO_READ.search(call) or CREATES.search(call)]


if __name__ == "__main__":
    main()
