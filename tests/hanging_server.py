"""The application with a network that hangs in native code when a picture of a certain width comes: for gunicorn.

Nothing is pretended: libc's `sleep` is called, once with the interpreter's lock released and once with it held.
"""

import ctypes
from typing import Any

from flask import Flask

from api.app import create_app
from api.models.load import load_model
from api.models.model import Model
from api.settings import Settings
from api.work.loaded_models import LoadedModels

HANGING_WIDTH, HOLDING_WIDTH = 101, 102  # pixels; the second holds the interpreter's lock
HANG_S = 600
WORK_LIMIT_S = 1.5


class HangingModel(Model):
    """A model that one cannot rely on."""

    def run(self, image: Any, *args: Any, **options: Any) -> Any:
        """Answer, or hang."""
        if image.shape[1] == HANGING_WIDTH:
            ctypes.CDLL(None).sleep(HANG_S)
        if image.shape[1] == HOLDING_WIDTH:
            ctypes.PyDLL(None).sleep(HANG_S)
        return super().run(image, *args, **options)


def serve() -> Flask:
    """Return the application of a worker."""
    settings = Settings.from_environment()
    models = LoadedModels(settings.served, lambda name: _hang(load_model(name, settings.weights_dir)))
    models.start()
    return create_app(settings, models, work_limit_s=WORK_LIMIT_S)


def _hang(model: Model) -> HangingModel:
    return HangingModel(model.card, model.engine, model.decode)
