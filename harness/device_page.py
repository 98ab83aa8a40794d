"""A page that has a model of its own: written as `make site-model` writes it, and built as `make run` builds it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from harness.gunicorn_server import PROJECT
from harness.real_models import real_model

BUILD_LIMIT_S = 200


def write_model(name: str, photographs: Iterable[Path], target: Path) -> Path:
    """Write a real model for the device; skip the test without it."""
    pictures = target.with_name(f"{target.name}-pictures")
    pictures.mkdir()
    for path in photographs:
        shutil.copy(path, pictures)
    environment = {"PAGESIGHT_MODELS": name, "PAGESIGHT_WEIGHTS_DIR": str(real_model(name))}
    command = [sys.executable, "-m", "api.commands.site_model", pictures, target]
    subprocess.run(command, cwd=PROJECT, env=os.environ | environment, check=True, timeout=BUILD_LIMIT_S)
    return target


def build_page(model: Path, dist: Path, **environment: str) -> Path:
    """Build the page with the model of a folder."""
    command = ["npx", "vite", "build", "--outDir", dist, "--emptyOutDir", "--logLevel", "error"]
    given = os.environ | {"PAGESIGHT_DEVICE_DIR": str(model)} | environment
    subprocess.run(command, cwd=PROJECT, env=given, check=True, timeout=BUILD_LIMIT_S)
    return dist
