"""An upload on its way to the disk: never whole in memory, hashed as it comes."""

import errno
import hashlib
import os
from pathlib import Path
from typing import IO, Any, cast

from api.errors import OutOfSpace

HEAD_BYTES = 4096
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class ReceivedFile:
    """What Werkzeug writes an uploaded file to. Only the file's owner may read it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self.head = b""
        self._hash = hashlib.sha256()
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        self._file = os.fdopen(self._descriptor, "wb")

    @property
    def stream(self) -> IO[bytes]:
        """The same, as Werkzeug's type says it."""
        return cast("IO[bytes]", self)

    @property
    def digest(self) -> str:
        """The SHA-256 of what has come."""
        return self._hash.hexdigest()

    def write(self, data: bytes) -> int:
        """Take the next piece. Raises OutOfSpace."""
        try:
            self._file.write(data)
        except OSError as error:
            raise _explain(error) from error
        if len(self.head) < HEAD_BYTES:
            self.head += data[: HEAD_BYTES - len(self.head)]
        self._hash.update(data)
        self.size += len(data)
        return len(data)

    def seek(self, *_where: Any) -> int:
        """Do nothing: nobody reads it here."""
        return 0

    def close(self) -> None:
        """End it. Raises OutOfSpace."""
        try:
            self._file.close()
        except OSError as error:
            raise _explain(error) from error

    def discard(self) -> None:
        """Remove the file, if it is still there."""
        try:
            self._file.close()
        except OSError:
            pass  # the disk is full, and the file goes
        finally:
            self.path.unlink(missing_ok=True)


def _explain(error: OSError) -> Exception:
    return OutOfSpace("The server has no room for this file at the moment.") if error.errno in FULL else error
