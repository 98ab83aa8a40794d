"""How a model runs here, and what here is: what somebody far away has to know to find out why something is odd."""

import os
import platform
import re
import statistics
import time
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from api.models.engines.processor import processor_flags, processor_name
from api.models.model import Model, NetworkModel
from api.settings import Settings
from api.version import VERSION

LEAST_RUNS, MOST_RUNS = 3, 50
MEASURED_S = 0.3  # for each size, about
PACKAGES = ("openvino", "torch", "torchvision", "nncf", "opencv-python-headless", "pillow", "numpy")


def describe_run(model: Model) -> str:
    """Return what the network computes and with what, how quick that is, and how much memory it has taken."""
    lines = [f"Here it runs as {model.description}".replace("; ", ";\n  ")]  # a chain has several
    if isinstance(model, NetworkModel):
        lines += _describe_network(model)
    if model.memory_mb:
        lines.append(f"  loading it took {model.memory_mb:.0f} MB")
    return "\n".join(lines) + "\n"


def _describe_network(model: NetworkModel) -> Iterator[str]:
    for height, width in model.card.input.usual_sizes():
        yield f"  {width} x {height}: {_median_ms(model, height, width):.1f} ms"
    height, width = model.card.input.size
    outputs = model.engine(np.full((1, 3, height, width), 0.5, np.float32))
    for name, values in outputs.items():
        yield f"  of {width} x {height} it computes {name}: {' x '.join(map(str, values.shape))} {values.dtype}"


def describe_here(settings: Settings) -> str:
    """Return the versions, the processor and the settings that a model's numbers may depend on; no name, no path."""
    packages = ", ".join(f"{name} {found}" for name, found in _versions() if found)
    run = settings.run_options
    size = run.input_size or "the model's own"
    return (
        f"Pagesight {VERSION}, Python {platform.python_version()}, {packages}\n"
        f"{_system()}, {platform.machine()}, {_memory()}\n"
        f"{processor_name()} ({', '.join(processor_flags()) or 'no instructions known'}), {os.cpu_count()} processors,"
        f" {settings.threads} threads\n"
        f"Settings: engine {run.engine}, precision {run.precision}, input size {size}\n"
    )


def _median_ms(model: NetworkModel, height: int, width: int) -> float:
    """Return how long the network alone takes for an image of this size, without decoding and drawing."""
    x = np.full((1, 3, height, width), 0.5, np.float32)
    times: list[float] = []
    while len(times) < LEAST_RUNS or (sum(times) < MEASURED_S and len(times) < MOST_RUNS):
        began = time.perf_counter()
        model.engine(x)
        times.append(time.perf_counter() - began)
    return 1000 * statistics.median(times)


def _versions() -> list[tuple[str, str]]:
    found = []
    for name in PACKAGES:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            found.append((name, ""))
    return found


def _system() -> str:
    """Return the operating system and its kernel."""
    try:
        name = platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        name = platform.system()
    return f"{name}, kernel {platform.release()}"


def _memory() -> str:
    try:
        total = re.search(r"MemTotal:\s+(\d+) kB", Path("/proc/meminfo").read_text(encoding="ascii"))
    except OSError:
        total = None
    return f"{int(total[1]) * 1024 / 1e9:.1f} GB of memory" if total else "memory not known"
