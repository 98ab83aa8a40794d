"""An application whose process ends while it loads, as after a crash in native code: for gunicorn."""

import os

from flask import Flask

EXIT_STATUS = 70  # neither of the two that end gunicorn's master


def serve() -> Flask:
    """Never return."""
    os._exit(EXIT_STATUS)
