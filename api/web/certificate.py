"""How long the server's certificate is valid: nginx serves it and says nothing when its renewal fails, so the API does.

Of a certificate (X.509, RFC 5280 section 4.1, in DER) only the end of its validity is read: Python decodes one only in
a handshake, and this process takes part in none.
"""

import logging
import re
import ssl
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

logger = logging.getLogger(__name__)

WARN_DAYS = 21  # certbot renews at 30: nine days of failed attempts
DAY_S = 86_400
READ_EVERY_S = 3_600
PEM = re.compile("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)
EXPLICIT_VERSION = 0xA0
TIME_FORMATS = {0x17: "%y%m%d%H%M%SZ", 0x18: "%Y%m%d%H%M%SZ"}  # UTCTime, GeneralizedTime


class CertificateWatch:
    """Tells of a certificate that is about to end. The file is read at most once an hour."""

    def __init__(self, file: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._file = file
        self._clock = clock
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._end: datetime | None = None

    def warnings(self) -> list[str]:
        """Return what the owner should know, in words; empty when all is well."""
        now = self._clock()
        with self._lock:
            if now - self._read_at >= READ_EVERY_S:
                self._read_at = now
                self._end = self._read()
            end = self._end
        if end is None:
            return ["The certificate cannot be read, so nobody is warned before it ends; the server's log says why."]
        days = (end.timestamp() - now) / DAY_S
        if days < 0:
            return [f"The certificate ended on {end:%d %B %Y}: browsers refuse this server."]
        if days < WARN_DAYS:
            return [f"The certificate ends on {end:%d %B %Y}, in {days:.0f} days, and has not been renewed."]
        return []

    def _read(self) -> datetime | None:
        try:
            return read_end(self._file.read_text(encoding="ascii"))
        except (OSError, ValueError) as error:
            logger.warning("The certificate cannot be read: %s", error)
            return None


def read_end(pem: str) -> datetime:
    """Return when the first certificate of a file in PEM ends. Raises ValueError where there is none."""
    first = PEM.search(pem)
    try:
        certificate = _elements(ssl.PEM_cert_to_DER_cert(first[0] if first else ""))[0][1]
        fields = _elements(_elements(certificate)[0][1])
        start_of_fields = 1 if fields[0][0] == EXPLICIT_VERSION else 0
        _serial, _algorithm, _issuer, (_, validity) = fields[start_of_fields : start_of_fields + 4]
        _, (kind, end_of_validity) = _elements(validity)
        return datetime.strptime(end_of_validity.decode("ascii"), TIME_FORMATS[kind]).replace(tzinfo=UTC)
    except (ValueError, LookupError) as error:
        raise ValueError("this is not a certificate in PEM") from error


def _elements(der: bytes) -> list[tuple[int, bytes]]:
    """Return the tag and the content of each element in a row of them (X.690 section 8.1). Raises IndexError."""
    elements = []
    at = 0
    while at < len(der):
        tag, length = der[at], der[at + 1]
        at += 2
        if length & 0x80:  # then its other bits say how many bytes hold the length
            size_of_length = length & 0x7F
            length = int.from_bytes(der[at : at + size_of_length])
            at += size_of_length
        elements.append((tag, der[at : at + length]))
        at += length
    return elements
