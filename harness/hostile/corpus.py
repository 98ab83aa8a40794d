"""All hostile files. `python -m harness.hostile.corpus FOLDER` writes them, to look at or to send by hand."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from harness.hostile import bmp, gif, heif, jpeg, others, png, webp
from harness.hostile.case import Case


def make_corpus() -> Iterator[Case]:
    """Give every case, kind by kind; the same ones each time."""
    for family in (jpeg, png, gif, bmp, webp, heif, others):
        yield from family.cases()


def main() -> None:
    """Write each file as STATUS-NAME into the folder."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for case in make_corpus():
        name = re.sub(r"[^a-z0-9]+", "-", case.name.lower())
        (folder / f"{case.status}-{name}").write_bytes(case.make())


if __name__ == "__main__":
    main()
