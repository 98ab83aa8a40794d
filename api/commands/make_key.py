"""`make key NAME=frigate`: make a key for a program, say it once, and give the line for the settings. Keeps nothing.

It needs only Python, so that any computer can make one.
"""

import sys

from api.api_key import MOST_A_MINUTE, hash_key, new_key, read_api_key

USAGE = (
    "Say whose key it is: make key NAME=frigate (at most 32 letters, digits, `.`, `_` and `-`, no mark first). How"
    f" often it may ask is PER_MINUTE=60 (1 to {MOST_A_MINUTE}); without it there is no limit.\n"
)
FOR_THE_PROGRAM = "For {name}, as `Authorization: Bearer KEY` or `X-API-Key: KEY`. Nobody can show it again:\n"
FOR_THE_SETTINGS = "For the server's settings, which know the key by it and cannot tell it (several: commas between):\n"


def main(name: str = "", per_minute: str = "") -> int:
    """Print a new key and its line, and on the standard error what they are; returns the exit status."""
    key = new_key()
    made = read_api_key(":".join((name, hash_key(key), *([per_minute] if per_minute else []))))
    if made is None:
        sys.stderr.write(USAGE)
        return 2
    _tell(FOR_THE_PROGRAM.format(name=name), key)
    _tell(FOR_THE_SETTINGS, f"PAGESIGHT_API_KEYS={made}")
    return 0


def _tell(what: str, value: str) -> None:
    """Say what a value is and then the value, in this order also where both go to one terminal."""
    sys.stderr.write(what)
    sys.stderr.flush()
    sys.stdout.write(f"{value}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
