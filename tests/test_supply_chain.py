"""What is installed is what was looked at: locks with hashes that agree with pyproject.toml, and nothing unpickled."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distributions, requires
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from harness.gunicorn_server import PROJECT
from scripts.lock_python import CHOSEN, GROUPS, TORCH_FAMILY, split

LOCKED = (*GROUPS, "bench")
CHOSEN_FILES = ("torch", "openvino")
TELEMETRY = "openvino-telemetry"  # it sends usage figures of OpenVINO and NNCF unless told not to
UNSAFE_MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
UNSAFE_CALLS = {"eval", "exec", "torch.load", "torch.jit.load", "np.load", "numpy.load"}
UNSAFE_CALLS |= {f"yaml.{name}" for name in ("load", "load_all", "full_load", "unsafe_load", "unsafe_load_all")}
UNSAFE_EXAMPLES = ["import pickle", "from joblib import load", "torch.load('x')", "yaml.load(text)", "eval('1')"]
UNSAFE_EXAMPLES += ["np.load('x')", "np.load('x', allow_pickle=True)"]
DETECT_WITHOUT_PICKLE = """
import pathlib, sys
import torch, torchvision, numpy
from api.models.load import load_model
from api.models.model import Model
from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.tasks.detection.types import DetectionOptions

def refuse(event, arguments):
    if event == "pickle.find_class":
        raise RuntimeError(f"unpickled: {arguments}")

sys.addaudithook(refuse)
model = load_model("yolov3-tiny", pathlib.Path("weights"))
image = decode_image(pathlib.Path(sys.argv[1]).read_bytes(), orientation=None, limits=ImageLimits())
print(len(model.run(image.pixels, DetectionOptions()).detections))
"""


def lock_of(name: str) -> dict[str, str]:
    text = (PROJECT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    assert text.startswith("# Written by `make lock`")
    return split(text.partition("\n")[2])


def lock_with_chosen(name: str) -> dict[str, str]:
    lock = lock_of(name)
    for chosen in CHOSEN_FILES:
        lock |= lock_of(chosen)
    return lock


def read_pyproject() -> dict[str, Any]:
    return tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))


def pins_of(group: str, *, included: bool = True) -> Iterator[Requirement]:
    for pin in read_pyproject()["dependency-groups"][group]:
        if isinstance(pin, str):
            yield Requirement(pin)
        elif included:
            yield from pins_of(pin["include-group"])


@pytest.mark.parametrize("group", LOCKED)
def test_lock_has_each_pin_of_its_group(group: str):
    lock = lock_with_chosen(group) if group != "bench" else lock_of(group)
    for pin in pins_of(group, included=group != "bench"):
        entry = lock.get(canonicalize_name(pin.name), "")
        assert entry.startswith(f"{canonicalize_name(pin.name)}{pin.specifier} "), f"{pin}: run `make lock`"


@pytest.mark.parametrize("name", [*LOCKED, *CHOSEN_FILES])
def test_each_locked_package_is_exact_and_has_hashes(name: str):
    for entry in lock_of(name).values():
        for release in re.split(r"^(?=[a-z0-9])", entry, flags=re.MULTILINE)[1:]:
            first, *hashes = release.strip().split(" \\\n")
            assert re.match(r"[a-z0-9.-]+==[^*]+$", first), first
            assert hashes, f"{first} has no hash"
            assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}", line) for line in hashes)


@pytest.mark.parametrize("group", ["runtime", "dev", "evaluate", "quantize", "site", "telegram"])
def test_what_setup_chooses_is_in_no_other_lock(group: str):
    assert not [name for name in lock_of(group) if CHOSEN.match(name)]


@pytest.mark.parametrize("group", ["runtime", "dev", "quantize", "site", "telegram"])
def test_all_that_the_pins_ask_for_is_locked(group: str):
    locked = lock_with_chosen(group).keys()
    left_out = set(read_pyproject()["tool"]["uv"]["exclude-dependencies"])
    found, waiting = set(), list(pins_of(group))
    while waiting:
        asked = waiting.pop()
        name = canonicalize_name(asked.name)
        if name in found | left_out or (asked.marker and not asked.marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        try:
            waiting += map(Requirement, requires(name) or [])
        except PackageNotFoundError:
            assert TORCH_FAMILY.match(name), f"{name} is not installed"  # the CPU build asks for less
    assert found - locked == set()


def test_the_telegram_bot_has_what_the_python_client_needs():
    client = tomllib.loads((PROJECT / "clients" / "python" / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {canonicalize_name(Requirement(pin).name) for pin in client["dependencies"]} - {"tqdm"}  # of the command
    assert needed <= {canonicalize_name(pin.name) for pin in pins_of("telegram")}


@pytest.mark.parametrize("name", [*LOCKED, *CHOSEN_FILES])
def test_no_lock_has_what_sends_usage_figures(name: str):
    assert TELEMETRY not in lock_of(name)


def test_what_sends_usage_figures_is_not_installed():
    installed = {canonicalize_name(distribution.name) for distribution in distributions()}
    assert "openvino" in installed
    assert TELEMETRY not in installed, "it is in .venv: `make clean`, then `make setup`"


def test_each_npm_package_has_a_hash():
    packages = json.loads((PROJECT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    without = [name for name, package in packages.items() if name and "sha512-" not in package.get("integrity", "")]
    assert without == []


SAFE_KEYWORDS = ("allow_pickle=False", "weights_only=True")


def unsafe_in(source: str) -> list[str]:
    """Return what in this source could run code that comes as data."""
    found = []
    for node in ast.walk(ast.parse(source)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        found += [name for name in names if name.split(".")[0] in UNSAFE_MODULES]
        is_call = isinstance(node, ast.Call) and ast.unparse(node.func) in UNSAFE_CALLS
        if is_call and not any(ast.unparse(keyword) in SAFE_KEYWORDS for keyword in node.keywords):
            found.append(ast.unparse(node))
    return found


def test_nothing_unpickles():
    sources = [path for folder in ("api", "scripts", "deploy") for path in (PROJECT / folder).rglob("*.py")]
    assert len(sources) > 20
    assert {path.name: found for path in sources if (found := unsafe_in(path.read_text(encoding="utf-8")))} == {}


@pytest.mark.parametrize("source", UNSAFE_EXAMPLES)
def test_what_unpickles_is_seen(source: str):
    assert unsafe_in(source)


def test_a_detection_unpickles_nothing(photographs):
    command = [sys.executable, "-c", DETECT_WITHOUT_PICKLE, str(photographs["dog"])]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 0
