"""A key of a program: how one is made, and what the settings know of it.

A key is 192 random bits, so nobody can try them all, and its plain SHA-256 tells nothing of it. The slow hashes that
passwords need (bcrypt, Argon2) guard what people choose; here they would only let strangers make the server work.
"""

import re
import secrets
from dataclasses import dataclass
from hashlib import sha256

KEY_BYTES = 24
PREFIX = "pagesight_"  # so that a key that lies where it should not is recognised
MOST_A_MINUTE = 100_000
ENTRY = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]{0,31}):(?P<digest>[0-9a-f]{64})(:(?P<per_minute>[0-9]{1,6}))?")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is known of a key: whose it is, its SHA-256 in hex, and how often it may ask (None: without limit)."""

    name: str
    digest: str
    per_minute: int | None = None

    def __str__(self) -> str:
        """Return it as the settings have it; `read_api_key` reads it."""
        return ":".join(str(part) for part in (self.name, self.digest, self.per_minute) if part is not None)


def read_api_key(entry: str) -> ApiKey | None:
    """Return what NAME:SHA256 or NAME:SHA256:PER_MINUTE says; None if it is neither."""
    found = ENTRY.fullmatch(entry)
    if not found:
        return None
    per_minute = int(found["per_minute"]) if found["per_minute"] else None
    if per_minute is not None and not 1 <= per_minute <= MOST_A_MINUTE:
        return None
    return ApiKey(found["name"], found["digest"], per_minute)


def new_key() -> str:
    """Return a key that nobody has."""
    return PREFIX + secrets.token_urlsafe(KEY_BYTES)


def hash_key(key: str) -> str:
    """Return the SHA-256 of a key, in hex."""
    return sha256(key.encode()).hexdigest()
