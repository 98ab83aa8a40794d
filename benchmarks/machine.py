"""The machine in neutral words, and the versions of the programs."""

import os
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PROGRAMS = ("torch", "opencv-python-headless", "onnxruntime", "openvino", "nncf", "ncnn", "pytorchyolo", "numpy")
FEATURES = ("amx_bf16", "avx512_bf16", "avx512_vnni", "avx512f", "avx2", "fma")


def describe_machine() -> str:
    """Return cores and what they can do, as in `2 cores with avx512_bf16, avx2`."""
    cores = os.cpu_count() or 1
    cpuinfo = Path("/proc/cpuinfo")
    flags = set(cpuinfo.read_text().split()) if cpuinfo.exists() else set()
    able = [feature for feature in FEATURES if feature in flags]
    return f"{cores} cores" + (f" with {', '.join(able)}" if able else "")


def versions() -> dict[str, str]:
    """Return the version of each program that is installed."""
    found = {}
    for name in PROGRAMS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
