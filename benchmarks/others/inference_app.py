"""Run in the environment of roboflow's `inference`, as its own container does: uvicorn others.inference_app:app."""

from pathlib import Path

for page in ("static", "_next/static"):  # it serves a page from its working folder, which the package does not bring
    (Path("inference/landing/out") / page).mkdir(parents=True, exist_ok=True)

from inference.core.interfaces.http.http_api import HttpInterface  # noqa: E402
from inference.core.managers.base import ModelManager  # noqa: E402
from inference.core.registries.roboflow import RoboflowModelRegistry  # noqa: E402
from inference.models.utils import ROBOFLOW_MODEL_TYPES  # noqa: E402

app = HttpInterface(ModelManager(model_registry=RoboflowModelRegistry(ROBOFLOW_MODEL_TYPES))).app
