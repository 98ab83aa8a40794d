"""Sends tens of thousands of uploads at once, each with a mark of its own, and looks whose answer everybody gets.

    python -m benchmarks.robustness.marks [--uploads 50000] [--quick]

The mark is in the name, the request's id, the size and the colour of a picture; it is looked for in the answer and in
the picture that it draws. The model is a tiny one that finds nothing: all of the server is used, and it takes minutes.
"""

import argparse
import base64
import http.client
import json
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.robustness.rows import Row, finish, save
from harness.darknet_models import TINY_ANCHORS, conv, head, maxpool, net, write_model
from harness.gunicorn_server import GunicornServer, running_server
from harness.http_client import TIMEOUT_S, encode_form

CLIENTS = 24
MODEL = "marks"
SIDES = 64  # of each side there are so many
SMALLEST = 16
LEVELS, LEVEL = 13, 20  # of the colour; how far apart they are, for JPEG to keep them apart
MOST_UPLOADS = SIDES * SIDES * LEVELS


@dataclass(frozen=True, slots=True)
class Mark:
    """What upload `number` looks like, unlike any other."""

    number: int

    @property
    def name(self) -> str:
        """The file's name, and what the request is called."""
        return f"visitor-{self.number}.png"

    @property
    def size(self) -> tuple[int, int]:
        """(height, width)."""
        return SMALLEST + self.number % SIDES, SMALLEST + self.number // SIDES % SIDES

    @property
    def colour(self) -> tuple[int, int, int]:
        """Blue, green, red: as OpenCV has them."""
        level = self.number // SIDES**2 * LEVEL
        return level, 255 - level, 128

    def upload(self) -> tuple[bytes, dict[str, str]]:
        """Return body and headers."""
        picture = np.full((*self.size, 3), self.colour, np.uint8)
        body, headers = encode_form(cv2.imencode(".png", picture)[1].tobytes(), name=self.name, confidence="1")
        return body, {**headers, "X-Request-ID": self.name}

    def is_on(self, answer: dict[str, Any], request_id: str | None) -> bool:
        """Say whether an answer is that to this upload, in every place where one could tell."""
        drawn = np.frombuffer(base64.b64decode(answer["image"].partition(",")[2]), np.uint8)
        picture = cv2.imdecode(drawn, cv2.IMREAD_COLOR)
        return (
            answer["name"] == answer["request_id"] == request_id == self.name
            and (answer["height"], answer["width"]) == picture.shape[:2] == self.size
            and bool(np.abs(picture.astype(int) - self.colour).max() < LEVEL // 2)
        )


class Tally:
    """What became of the uploads, counted by all clients."""

    def __init__(self, uploads: int) -> None:
        self.uploads = uploads
        self.right = 0
        self.wrong: list[str] = []
        self._next = count()
        self._lock = threading.Lock()

    def numbers(self) -> Iterator[int]:
        """Give the next upload to whoever asks, until there is none left."""
        while True:
            with self._lock:
                number = next(self._next)
            if number >= self.uploads:
                return
            yield number

    def note(self, *, right: bool, words: str = "") -> None:
        """Count an answer."""
        with self._lock:
            self.right += right
            if not right:
                self.wrong.append(words)


def main() -> None:
    """Measure and save the rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--uploads", type=int, default=50_000, help=f"at most {MOST_UPLOADS:,}")
    parser.add_argument("--quick", action="store_true", help="500 uploads, to try this program")
    arguments = parser.parse_args()
    tally = Tally(500 if arguments.quick else min(arguments.uploads, MOST_UPLOADS))
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        write_model(Path(folder), MODEL, tiny_cfg())
        environment = {"PAGESIGHT_MODEL": MODEL, "PAGESIGHT_WEIGHTS_DIR": folder, "PAGESIGHT_LOG_LEVEL": "WARNING"}
        with running_server(PAGESIGHT_QUEUE=str(CLIENTS), **environment) as server:
            ask_all(server, tally)
    print(*tally.wrong[:5], sep="\n", file=sys.stderr)
    row = Row(
        measure=f"{tally.uploads:,} uploads by {CLIENTS} visitors at once: answers that were somebody else's",
        target="0",
        measured=f"{len(tally.wrong)}, {tally.right:,} right, in {time.monotonic() - began:.0f} s (a tiny model)",
        met=not tally.wrong and tally.right == tally.uploads,
    )
    save("marks", f"python -m benchmarks.robustness.marks --uploads {tally.uploads}", [row], model="")
    finish([row])


def ask_all(server: GunicornServer, tally: Tally) -> None:
    """Let all clients ask until every upload is answered."""
    with ThreadPoolExecutor(CLIENTS) as threads:
        clients = [threads.submit(ask, server, tally) for _ in range(CLIENTS)]
        while not all(client.done() for client in clients):
            print(f"\r{tally.right:,} of {tally.uploads:,} ", end="", file=sys.stderr, flush=True)
            time.sleep(1)
        print(file=sys.stderr)
        for client in clients:
            client.result()


def ask(server: GunicornServer, tally: Tally) -> None:
    """Send uploads one after the other over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=TIMEOUT_S)
    for number in tally.numbers():
        mark = Mark(number)
        connection.request("POST", "/", *mark.upload())
        response = connection.getresponse()
        request_id, body = response.headers["X-Request-ID"], response.read()
        right = response.status == 200 and mark.is_on(json.loads(body), request_id)
        tally.note(right=right, words=f"{mark.name}: {response.status} {body[:400]!r}")
    connection.close()


def tiny_cfg() -> str:
    """Return a network of hardly any work."""
    stages = "".join(conv(4, 3) + maxpool(2, 2) for _ in range(5))
    return net(64, 64) + stages + head("0,1,2", TINY_ANCHORS, classes=1)


if __name__ == "__main__":
    main()
