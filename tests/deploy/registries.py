"""What apt-get and pip find in a box, which has no network: some packages of Debian's, and one of Python's.

That one shows to a Python environment of the box what is installed in that of the tests, torch and OpenVINO above
all. It stands in the place of all requirements but torch, which are tried wherever `make` sets up an environment, by
the same script.
"""

import hashlib
import io
import subprocess
import zipfile
from pathlib import Path

from harness.gunicorn_server import PROJECT
from tests.deploy.box import PACKAGES, SOURCE

FETCHED = PROJECT / ".venv" / ".test-packages"  # by scripts/setup_test_programs.sh
DEBIAN = "/srv/debian"
WHEELS = "/srv/wheels"
WHEEL = "pagesight_box-1-py3-none-any.whl"
ABOUT = "pagesight_box-1.dist-info"


def registry_files() -> dict[str, str | bytes]:
    """Return what is to be put into a box for both, by its paths."""
    return _debian_files() | _python_files()


def has_package(name: str) -> bool:
    """Tell whether apt-get of a box finds a package, or the box has it."""
    installed = subprocess.run(["dpkg-query", "-W", name], capture_output=True).returncode == 0
    return installed or any(FETCHED.glob(f"{name}_*.deb"))


def _debian_files() -> dict[str, str | bytes]:
    packages = sorted(FETCHED.glob("*.deb"))
    return {f"{DEBIAN}/{package.name}": package.read_bytes() for package in packages} | {
        f"{DEBIAN}/Packages": "\n".join(map(_index_entry, packages)),
        "/etc/apt/sources.list": f"deb [trusted=yes] file:{DEBIAN} ./\n",
    }


def _index_entry(package: Path) -> str:
    content = package.read_bytes()
    control = subprocess.run(["dpkg-deb", "--field", package], check=True, capture_output=True, text=True).stdout
    return f"{control}Filename: ./{package.name}\nSize: {len(content)}\nSHA256: {hashlib.sha256(content).hexdigest()}\n"


def _python_files() -> dict[str, str | bytes]:
    wheel = _wheel()
    requirement = f"pagesight-box==1 --hash=sha256:{hashlib.sha256(wheel).hexdigest()}\n"
    return {
        f"{WHEELS}/{WHEEL}": wheel,
        "/etc/pip.conf": f"[global]\nno-index = true\nfind-links = {WHEELS}\n",
        f"{SOURCE}/requirements/pip.txt": requirement,
        f"{SOURCE}/requirements/runtime.txt": requirement,
        f"{SOURCE}/requirements/openvino.txt": requirement,
    }


def _wheel() -> bytes:
    files = {
        "pagesight_box.pth": PACKAGES,
        f"{ABOUT}/METADATA": "Metadata-Version: 2.1\nName: pagesight-box\nVersion: 1\n",
        f"{ABOUT}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{ABOUT}/RECORD"] = "".join(f"{name},,\n" for name in (*files, f"{ABOUT}/RECORD"))
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
    return content.getvalue()
