"""A detector that learns to find coloured shapes, and is served."""

import io
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from PIL import Image

from api.app import create_app
from api.models.engines.cores import Cores
from api.models.load import load_model
from api.models.options import Precision, RunOptions
from api.models.torchvision.safetensors import read_safetensors
from api.settings import Settings
from api.training.detection import learning
from api.training.detection.average_precision import overlaps
from api.training.detection.plan import Plan
from api.training.detection.train import Trained, train_detector
from api.training.errors import TrainingError
from api.training.progress import Stopped
from harness.applications import ready_models
from harness.gunicorn_server import PROJECT
from harness.shapes import Picture, Quiet, draw_shapes, encode_png, write_coco

pytestmark = pytest.mark.long

SIZE = 96


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_coco(tmp_path_factory.mktemp("shapes") / "data", draw_shapes(60, SIZE))


@pytest.fixture(scope="module")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Trained]:
    plan = Plan(name="shapes", data=data, weights_dir=tmp_path_factory.mktemp("weights"), size=SIZE, epochs=6)
    return plan, train_detector(plan, Quiet())


def test_learns_to_find_shapes(trained: tuple[Plan, Trained]):
    _, result = trained
    assert result.labels == ("disc", "square")
    assert result.precision.ap50 > 0.6
    assert result.epochs[0].loss > result.epochs[-1].loss


def test_what_it_has_learnt_is_served(trained: tuple[Plan, Trained], tmp_path: Path):
    plan, _ = trained
    options = RunOptions(precision=Precision.FP32)
    model = load_model("shapes", plan.weights_dir, options, Cores(2))
    app = create_app(Settings(model="shapes", site_dir=tmp_path), ready_models(model))
    found = sum(is_found(app.test_client(), picture) for picture in draw_shapes(12, SIZE, seed=99))
    assert found >= 8
