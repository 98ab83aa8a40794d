"""Whether videos can be read here: PyAV may be left out of an installation."""

from importlib.util import find_spec


def is_available() -> bool:
    """Return whether PyAV is installed. Without it, `probe`, `read` and `write` are not to be used."""
    return find_spec("av") is not None
