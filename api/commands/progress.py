"""What a program of the owner shows while it works."""

import logging
import sys


def show_progress() -> None:
    """Write what our modules log, such as the steps of a conversion, to standard error as plain lines."""
    logging.basicConfig(format="%(message)s", stream=sys.stderr)
    logging.getLogger("api").setLevel(logging.INFO)
