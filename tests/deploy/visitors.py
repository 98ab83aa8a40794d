"""Visitors of a server, until stdin ends: `python visitors.py HOST CA`, with nothing but Python.

Prints as JSON how often each answer came, every failure, and the serial numbers of the certificates that were shown.
"""

import http.client
import json
import ssl
import struct
import sys
import threading
import time
from collections import Counter

PAUSE_S = 0.5  # below what nginx lets one address do, and sparing a server that starts meanwhile
LIMIT_S = 60
BOUNDARY = "visitors"
SIDE = 32  # small: it is their number that counts


class Visits:
    """What happened to all visitors together."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.answers: Counter[str] = Counter()
        self.failures: list[str] = []
        self.serials: set[str] = set()

    def visit(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> None:
        """Ask again and again, each time over a new connection, and once more when it is over."""
        is_over = False
        while not is_over:
            is_over = self.over.wait(PAUSE_S)
            began = time.monotonic()
            try:
                status = self._ask(method, path, body, headers)
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(f"{method} {path}: {error!r} after {time.monotonic() - began:.2f} s")
            else:
                self.answers[f"{method} {path} {status}"] += 1
                if status != 200:
                    self.failures.append(f"{method} {path}: {status}")

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> int:
        connection = http.client.HTTPSConnection(host, context=context, timeout=LIMIT_S)
        try:
            connection.connect()
            assert isinstance(connection.sock, ssl.SSLSocket)
            self.serials.add(connection.sock.getpeercert()["serialNumber"])  # type: ignore[index, arg-type]
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            response.read()
            return response.status
        finally:
            connection.close()


def picture_form() -> tuple[bytes, dict[str, str]]:
    """Return a form with a small grey picture (BMP), and its header."""
    pixels = b"\x80" * 3 * SIDE * SIDE
    picture = (
        struct.pack("<2sIII IiiHHIIiiII", b"BM", 54 + len(pixels), 0, 54, 40, SIDE, SIDE, 1, 24, *[0] * 6) + pixels
    )
    fields = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="annotate"\r\n\r\nfalse\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="photo"\r\n\r\n'
    )
    body = fields.encode() + picture + f"\r\n--{BOUNDARY}--\r\n".encode()
    return body, {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


host, authority = sys.argv[1:]
context = ssl.create_default_context(cafile=authority)
visits = Visits()
body, form_header = picture_form()
plans: list[tuple[str, str, bytes | None, dict[str, str]]] = [("POST", "/", body, form_header)] * 2
plans += [("GET", "/status_check", None, {})]
threads = [threading.Thread(target=visits.visit, args=plan) for plan in plans]
for thread in threads:
    thread.start()
sys.stdin.read()
visits.over.set()
for thread in threads:
    thread.join()
print(json.dumps({"answers": visits.answers, "failures": visits.failures, "serials": sorted(visits.serials)}))
