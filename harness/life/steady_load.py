"""Clients that send photographs one after the other, over and over, and note what becomes of every request."""

import http.client
import itertools
import json
import ssl
import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from harness.http_client import encode_form

PATIENCE_S = 120  # a restart on a busy machine takes its time; nginx itself gives up after 75 s
POLL_S = 0.02
ADDRESSES = 64  # of a client: more than ten times what one may ask in a second
SPARING_S = 0.1  # a pause that leaves a server which starts meanwhile its share of two cores


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request; times by the monotonic clock. `failure` is empty where the answer was right."""

    began: float
    ended: float
    failure: str


def labels_of(answer: dict[str, Any]) -> list[str]:
    """Return the labels in an answer of any task, in its order."""
    parts = {"detection": "detections", "classification": "classes", "segmentation": "segments"}
    part = answer[parts[answer["task"]]]
    return [found["label"] for found in (part["labels"] if isinstance(part, dict) else part)]


class SteadyLoad:
    """Each of the clients has addresses of its own, which it takes by turns, so that no visitor's limit counts.

    Each makes a pause of `pause_s` after an answer.
    """

    def __init__(
        self,
        port: int,
        tls: ssl.SSLContext | None,
        image: bytes,
        *,
        expected: str,
        clients: int = 3,
        pause_s: float = 0.0,
    ) -> None:
        self._port, self._tls, self._pause_s = port, tls, pause_s
        self._body, self._headers = encode_form(image, annotate="false")
        self._expected = expected  # a label that each answer must have
        self._enough = threading.Event()
        self.clients = clients
        self._threads = [threading.Thread(target=self._run, args=(number,)) for number in range(clients)]
        self.outcomes: list[Outcome] = []

    def __enter__(self) -> "SteadyLoad":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._enough.set()
        for thread in self._threads:
            thread.join(PATIENCE_S)

    @property
    def failures(self) -> list[str]:
        """Return what was wrong with the requests that were not answered rightly."""
        return [outcome.failure for outcome in self.outcomes if outcome.failure]

    def wait_for_answers(self, count: int = 6) -> None:
        """Wait for so many more right answers to requests that begin from now on."""
        now = time.monotonic()
        while sum(not outcome.failure for outcome in self.outcomes if outcome.began > now) < count:
            assert time.monotonic() < now + PATIENCE_S, f"no answers any more: {self.failures[-5:]}"
            time.sleep(POLL_S)

    def _run(self, number: int) -> None:
        for turn in itertools.count():
            if self._enough.is_set():
                return
            began = time.monotonic()
            failure = self._ask(f"127.0.{number + 1}.{turn % ADDRESSES + 1}")
            self.outcomes.append(Outcome(began, time.monotonic(), failure))
            # A server that refuses at once would be asked thousands of times.
            self._enough.wait(max(self._pause_s, POLL_S if failure else 0.0))

    def _ask(self, address: str) -> str:
        connection = self._connect(address)
        try:
            connection.request("POST", "/", self._body, self._headers)
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            return f"{type(error).__name__}: {error}"
        finally:
            connection.close()
        if response.status != 200:
            return f"{response.status}: {body[:300]!r}"
        labels = labels_of(json.loads(body))
        return "" if self._expected in labels else f"somebody else's answer: {labels}"

    def _connect(self, address: str) -> http.client.HTTPConnection:
        source = (address, 0)
        if self._tls:
            return http.client.HTTPSConnection(
                "127.0.0.1", self._port, timeout=PATIENCE_S, source_address=source, context=self._tls
            )
        return http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_S, source_address=source)
