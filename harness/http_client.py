"""An ordinary HTTP client, without proxies and without retries, and the form that the API reads."""

import http.client
import json
import ssl
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any

TIMEOUT_S = 60
Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `headers` are read without regard to case."""

    status: int
    headers: Message
    body: bytes

    @property
    def content_type(self) -> str:
        return self.headers.get_content_type()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def encode_form(
    image: bytes | None, *, name: str = "photo.jpg", field: str = "file", **fields: object
) -> tuple[bytes, dict[str, str]]:
    """Return a multipart/form-data body with an image file and fields, and the headers that belong to it."""
    boundary = uuid.uuid4().hex
    parts = [f'Content-Disposition: form-data; name="{key}"\r\n\r\n{value}'.encode() for key, value in fields.items()]
    if image is not None:
        disposition = f'Content-Disposition: form-data; name="{field}"; filename="{name}"'
        parts.append(f"{disposition}\r\nContent-Type: application/octet-stream\r\n\r\n".encode() + image)
    body = b"".join(b"--%b\r\n%b\r\n" % (boundary.encode(), part) for part in parts)
    return body + f"--{boundary}--\r\n".encode(), {"Content-Type": f"multipart/form-data; boundary={boundary}"}


@dataclass(frozen=True, slots=True)
class Client:
    """Asks the server on `port` of this machine, each time over a new connection: by HTTPS where `tls` is given.

    `address` is where it asks from; limits for each visitor tell those in 127.0.0.0/8 apart.
    """

    port: int
    tls: ssl.SSLContext | None = None
    address: str = "127.0.0.1"

    def request(self, method: str, path: str, body: Any = None, headers: Headers | None = None) -> Answer:
        connection = self._connection()
        try:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        source = (self.address, 0)
        if self.tls:
            return http.client.HTTPSConnection(
                "127.0.0.1", self.port, timeout=TIMEOUT_S, context=self.tls, source_address=source
            )
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_S, source_address=source)

    def get(self, path: str, headers: Headers | None = None) -> Answer:
        return self.request("GET", path, headers=headers)

    def detect(self, image: bytes | None, *, path: str = "/", headers: Headers | None = None, **form: Any) -> Answer:
        """Post an image; `form` goes to `encode_form`."""
        body, form_headers = encode_form(image, **form)
        return self.request("POST", path, body, {**form_headers, **(headers or {})})
