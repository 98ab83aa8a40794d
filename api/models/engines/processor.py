"""What is known of the processor."""

import platform
import re
from functools import cache
from pathlib import Path

BFLOAT16 = {"avx512_bf16", "amx_bf16", "bf16"}  # of x86-64 and of ARM
DECISIVE = BFLOAT16 | {"avx2", "avx512f", "avx_vnni", "avx512_vnni", "amx_int8", "asimd", "asimddp", "i8mm", "sve"}


@cache
def processor_facts() -> str:
    """Return what tells processors apart: model and instructions, as Linux knows them."""
    found = _entries("model name", "flags", "Features", "CPU implementer", "CPU part")
    return " ".join(found) or f"{platform.machine()} {platform.processor()}"


@cache
def processor_name() -> str:
    """Return the processor's name for people."""
    return next(iter(_entries("model name")), "") or platform.processor() or platform.machine()


@cache
def processor_flags() -> list[str]:
    """Return those of the processor's instructions that decide how quick a network is."""
    return sorted(DECISIVE.intersection(" ".join(_entries("flags", "Features")).split()))


@cache
def has_bfloat16() -> bool:
    """Whether the processor multiplies bfloat16 in hardware; if not, it is several times slower than float32."""
    return not BFLOAT16.isdisjoint(" ".join(_entries("flags", "Features")).split())


def _entries(*names: str) -> list[str]:
    try:
        first = Path("/proc/cpuinfo").read_text(encoding="utf-8").partition("\n\n")[0]
    except OSError:
        return []
    return re.findall(rf"^(?:{'|'.join(names)})\s*: (.*)$", first, re.MULTILINE)
