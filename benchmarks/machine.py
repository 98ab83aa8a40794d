"""The machine in neutral words, and the versions of the programs."""

import os
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from api.models.engines.processor import processor_name

PROGRAMS = ("openvino", "nncf", "torch", "opencv-python-headless", "onnxruntime", "ncnn", "pytorchyolo", "numpy")
# What decides how quick the precisions are beside each other, then what else there is.
DECIDING = {"amx_bf16": "AMX in bfloat16", "amx_int8": "AMX in int8", "avx512_bf16": "avx512_bf16"}
FURTHER = ("avx512_vnni", "avx_vnni", "avx512f", "avx2", "fma", "asimddp", "bf16", "i8mm")


def describe_machine() -> str:
    """Return cores, processor and what it can do, as in `2 cores of NAME; without AMX; avx2`."""
    cpuinfo = Path("/proc/cpuinfo")
    flags = set(cpuinfo.read_text().split()) if cpuinfo.exists() else set()
    there = [name for flag, name in DECIDING.items() if flag in flags]
    missing = [name for flag, name in DECIDING.items() if flag not in flags]
    parts = [f"{os.cpu_count() or 1} cores of {processor_name()}"]
    if there:
        parts.append(f"with {', '.join(there)}")
    if missing:
        parts.append(f"without {', '.join(missing)}")
    return "; ".join([*parts, ", ".join(flag for flag in FURTHER if flag in flags)])


def versions() -> dict[str, str]:
    """Return the version of each program that is installed."""
    found = {}
    for name in PROGRAMS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
