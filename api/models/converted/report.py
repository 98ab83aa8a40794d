"""What the processes that convert a model tell the one that waits: a line of JSON each, on standard output."""

import json
import sys
from collections.abc import Iterable


def say(**word: str) -> None:
    """Write `progress="..."`, or `error="..."` as the last word."""
    sys.stdout.write(f"{json.dumps(word)}\n")
    sys.stdout.flush()


def follow(lines: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Yield (kind, text) for each word; a library's own lines are left out."""
    for line in lines:
        try:
            word = json.loads(line)
        except ValueError:
            continue
        if isinstance(word, dict):
            yield from word.items()
