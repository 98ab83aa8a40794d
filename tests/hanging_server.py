"""The application with a network that stops when a picture of a certain width comes: for gunicorn.

Nothing is pretended: libc's `sleep` is called, once with the interpreter's lock released and once with it held. At the
third width it waits until the file that RELEASE names is there.
"""

import ctypes
import logging
import os
from pathlib import Path
from typing import Any

from flask import Flask

from api.app import create_app
from api.models.load import load_model
from api.models.model import Answer, Model, NetworkModel
from api.settings import Settings
from api.work.loaded_models import LoadedModels
from harness.waiting import wait_until

HANGING_WIDTH, HOLDING_WIDTH, WAITING_WIDTH = 101, 102, 103  # pixels; the second holds the interpreter's lock
HANG_S = 600
WORK_LIMIT_S = 1.5


class HangingModel(NetworkModel):
    """A model that one cannot rely on."""

    def answer(self, image: Any, *args: Any) -> Answer:
        """Answer, or hang."""
        if image.shape[1] == HANGING_WIDTH:
            ctypes.CDLL(None).sleep(HANG_S)
        if image.shape[1] == HOLDING_WIDTH:
            ctypes.PyDLL(None).sleep(HANG_S)
        if image.shape[1] == WAITING_WIDTH:
            wait_until(Path(os.environ["RELEASE"]).exists)
        return super().answer(image, *args)


def serve(work_limit_s: float = WORK_LIMIT_S) -> Flask:
    """Return the application of a worker."""
    settings = Settings.from_environment()
    logging.basicConfig(level=settings.logging_level)
    models = LoadedModels(settings.served, lambda name: _hang(load_model(name, settings.weights_dir)))
    models.start()
    return create_app(settings, models, work_limit_s=work_limit_s)


def _hang(model: Model) -> HangingModel:
    return HangingModel(model.card, model.engine, model.decode)
