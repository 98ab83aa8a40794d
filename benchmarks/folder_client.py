"""The command `pagesight` with a folder, against a server that is restarted twice and refuses every tenth image.

    python -m benchmarks.folder_client [--pictures 2000] [--data FOLDER] [--model yolov3-tiny] [--calm]

The folder has links to the photographs of DATA (the page's examples, if none is named), again and again. What the
server can give changes with what else the machine does, so both take turns: the command works for some seconds, then it
is stopped (SIGSTOP) and as many clients of `benchmarks.load` as it has requests under way ask the same server for the
same photographs. Pictures are counted in the server's log. The time in which the server is away, from its end to its
being ready, does not count: nobody could be answered then.
"""

import argparse
import itertools
import json
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load import Post, measure
from benchmarks.robustness.rows import Row, finish
from harness.gunicorn_server import PROJECT, GunicornServer, running_server

CLIENT = PROJECT / "clients" / "python"
REFUSING = "harness.refusing_server:serve()"
AT_ONCE = 8  # the command's default
RESTARTS = 2
LEAST_SHARE = 0.95
POLL_S = 0.1
LOOK_S = 0.2
DRAIN_S = 1.0  # for what was under way when the command was stopped
ANSWERED = "method=POST route=/v1/detect status=200"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a folder: the names in its order, those in the file that was written, and two rates a second."""

    asked: list[str]
    answered: list[str]
    lasted_s: float
    away_s: float
    inferences: int
    client_rate: float
    server_rates: list[float]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=2000)
    parser.add_argument("--data", type=Path, default=PROJECT / "site" / "examples", help="a folder of JPEGs")
    parser.add_argument("--model", default="yolov3-tiny")
    parser.add_argument("--seconds", type=float, default=12.0, help="of each turn")
    parser.add_argument("--calm", action="store_true", help="a server that is neither restarted nor refuses anything")
    options = parser.parse_args()
    photographs = sorted(options.data.glob("*.jpg"))
    with tempfile.TemporaryDirectory() as folder:
        link_pictures(Path(folder) / "pictures", photographs, options.pictures)
        environment = {"PAGESIGHT_MODEL": options.model}
        outcome = ask_folder(Path(folder), photographs, turn_s=options.seconds, is_calm=options.calm, **environment)
    rows = make_rows(outcome)
    for row in rows:
        print(f"{'met    ' if row.met else 'NOT MET'} {row.measure}: {row.measured} (target: {row.target})")
    finish(rows)


def make_rows(outcome: Outcome) -> list[Row]:
    """Return what is to be shown."""
    server_rate = sum(outcome.server_rates) / len(outcome.server_rates)
    share = outcome.client_rate / server_rate
    rates = f"{outcome.client_rate:.1f} a second of {server_rate:.1f}: {share:.2f}"
    spread = f"{min(outcome.server_rates):.1f} to {max(outcome.server_rates):.1f} in {len(outcome.server_rates)} turns"
    right = f"{len(outcome.answered)} in {outcome.lasted_s:.0f} s, of which the server was away {outcome.away_s:.1f} s"
    is_right = outcome.answered == outcome.asked
    return [
        Row(f"{len(outcome.asked)} pictures, once each, in their order", "all", right, is_right),
        Row("images that the server worked on", f"{len(outcome.asked)}", f"{outcome.inferences}", True),
        Row("share of the throughput", f">= {LEAST_SHARE}", f"{rates} ({spread})", share >= LEAST_SHARE),
    ]


def link_pictures(folder: Path, photographs: Sequence[Path], count: int) -> None:
    """Fill a folder with links to the photographs, in turn."""
    folder.mkdir()
    for number, photograph in zip(range(count), itertools.cycle(photographs), strict=False):
        (folder / f"{number:05}.jpg").symlink_to(photograph.resolve())


def ask_folder(
    work: Path, photographs: Sequence[Path], *, turn_s: float, is_calm: bool = False, **environment: str
) -> Outcome:
    """Let the command ask about `work/pictures`, in turns with other clients, and restart the server twice."""
    asked = sorted(path.name for path in (work / "pictures").iterdir())
    target = work / "found.json"
    with running_server(app="" if is_calm else REFUSING, **environment) as server:
        command = [sys.executable, "-m", "pagesight", "detect", str(work / "pictures"), "--to", str(target)]
        command += ["--server", server.url, "--at-once", str(AT_ONCE)]
        began = time.monotonic()
        with subprocess.Popen(command, cwd=CLIENT, stderr=subprocess.DEVNULL) as process:
            turns = Turns(server, process, photographs, turn_s)
            turns.take(len(asked), restarts=0 if is_calm else RESTARTS)
        lasted_s = time.monotonic() - began
        inferences = answers_of(server)
    images = json.loads(target.read_text(encoding="utf-8"))["images"]
    names = [image["name"] for image in images]
    rate = turns.answered / turns.client_s
    return Outcome(asked, names, lasted_s, turns.away_s, inferences, rate, turns.server_rates)


class Turns:
    """The command and other clients, one after the other."""

    def __init__(
        self, server: GunicornServer, process: subprocess.Popen[bytes], photographs: Sequence[Path], turn_s: float
    ) -> None:
        self._server = server
        self._process = process
        self._turn_s = turn_s
        posts = [Post.form(server.port, path.read_bytes(), annotate="false") for path in photographs]
        self._posts = itertools.cycle(posts)
        self._lock = threading.Lock()
        self.answered = 0
        self.client_s = 0.0
        self.away_s = 0.0
        self.server_rates: list[float] = []

    def take(self, count: int, *, restarts: int) -> None:
        """Take turns until the command has ended; restart the server at even parts of `count` pictures."""
        waiting = [count * part // (restarts + 1) for part in range(1, restarts + 1)]
        while True:
            has_ended = self._client_turn(waiting)
            if has_ended and self.server_rates:
                return
            time.sleep(DRAIN_S)
            self.server_rates.append(measure(AT_ONCE, self._turn_s, self._ask_next).per_second)
            if not has_ended:
                self._process.send_signal(signal.SIGCONT)

    def _client_turn(self, restarts: list[int]) -> bool:
        """Let the command work for a while; return whether it has ended."""
        before, began, away_s = answers_of(self._server), time.monotonic(), 0.0
        looked = began  # into the log, which takes longer the longer it is
        while (has_ended := self._process.poll() is not None) is False:
            if time.monotonic() - began - away_s > self._turn_s:
                self._process.send_signal(signal.SIGSTOP)
                break
            if restarts and time.monotonic() - looked > LOOK_S:
                looked = time.monotonic()
                if self.answered + answers_of(self._server) - before >= restarts[0]:
                    restarts.pop(0)
                    away_s += self._restart()
            time.sleep(POLL_S)
        self.client_s += time.monotonic() - began - away_s
        self.answered += answers_of(self._server) - before
        self.away_s += away_s
        return has_ended

    def _restart(self) -> float:
        """Restart the server; return for how many seconds it was away."""
        began = time.monotonic()
        self._server.stop()
        self._server.start()
        return time.monotonic() - began

    def _ask_next(self) -> bool:
        with self._lock:
            post = next(self._posts)
        return post.is_answered()


def answers_of(server: GunicornServer) -> int:
    """Return how many pictures of the command the server has answered; others ask another route."""
    return server.log().count(ANSWERED)


if __name__ == "__main__":
    main()
