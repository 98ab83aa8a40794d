"""api/server/memory.py: what lies free between blocks in use goes back to the system."""

import platform
import subprocess
import sys

import pytest

PROGRAM = """
import time
from pathlib import Path
from threading import Thread
from api.server.memory import give_back_holes
def resident_mb():
    return next(int(line.split()[1]) for line in Path("/proc/self/status").open() if line.startswith("VmRSS")) // 1000
blocks = [bytearray(b"x" * 100_000) for _ in range(2_000)]
del blocks[::2]
full = resident_mb()
Thread(target=give_back_holes, args=(0.1,), daemon=True).start()
end = time.monotonic() + 20
while full - resident_mb() < 50 and time.monotonic() < end:
    time.sleep(0.05)
print(full - resident_mb())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps holes and can give them back")
def test_holes_between_blocks_go_back_to_the_system() -> None:
    printed = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=60)
    assert int(printed.stdout) >= 50  # of 100 MB in 1,000 holes
