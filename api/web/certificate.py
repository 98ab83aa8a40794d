"""How long the server's certificate is valid: nginx says nothing when its renewal fails, so the API does."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

logger = logging.getLogger(__name__)

WARN_DAYS = 21  # certbot renews at 30: nine days of failed attempts
DAY_S = 86_400
READ_EVERY_S = 3_600


class CertificateWatch:
    """Warns of a certificate that is about to end. The file is read at most once an hour."""

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
    """Return when the first certificate of a file in PEM ends. Raises ValueError if there is none."""
    from cryptography import x509  # 10 MB: a server without a certificate saves them

    try:
        return x509.load_pem_x509_certificate(pem.encode("ascii")).not_valid_after_utc
    except ValueError as error:
        raise ValueError("this is not a certificate in PEM") from error
