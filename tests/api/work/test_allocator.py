import subprocess
import sys

import pytest

USES_GLIBC = sys.platform == "linux" and "glibc" in __import__("platform").libc_ver()[0]
# A block that was given back is taken again without asking the system: what `mallopt` is for.
PROGRAM = """
import resource
from api.work.allocator import give_back_at_once, keep_for_reuse
print(give_back_at_once() and keep_for_reuse())
bytearray(20_000_000)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    bytearray(20_000_000)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""
HOLES = """
from pathlib import Path
from api.work.allocator import give_back_at_once, give_back_holes, keep_for_reuse
def resident_mb():
    return next(int(line.split()[1]) for line in Path("/proc/self/status").open() if line.startswith("VmRSS")) // 1000
keep_for_reuse()
blocks = [bytearray(b"x" * 1_000_000) for _ in range(200)]
del blocks[::2]
full = resident_mb()
print(give_back_holes(), full - resident_mb())
"""
TIDY = """
import time
from pathlib import Path
from threading import Thread
from api.work.allocator import keep_for_reuse, keep_tidy, tidy_soon
def resident_mb():
    return next(int(line.split()[1]) for line in Path("/proc/self/status").open() if line.startswith("VmRSS")) // 1000
keep_for_reuse()
Thread(target=keep_tidy, daemon=True).start()
time.sleep(0.5)
blocks = [bytearray(b"x" * 1_000_000) for _ in range(200)]
del blocks[::2]
full = resident_mb()
tidy_soon()
end = time.monotonic() + 20
while full - resident_mb() < 50 and time.monotonic() < end:
    time.sleep(0.05)
print(full - resident_mb())
"""
# Where a thread's blocks lie once gunicorn's configuration is read.
ARENA = """
import ctypes, os
from pathlib import Path
from threading import Thread
os.environ["PAGESIGHT_MODEL"] = "yolov3-tiny"
import api.server.gunicorn_conf
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_size_t
addresses = []
thread = Thread(target=lambda: addresses.append(libc.malloc(100_000)))
thread.start()
thread.join()
heap = next(line for line in Path("/proc/self/maps").open() if line.endswith("[heap]\\n")).split()[0]
low, high = (int(address, 16) for address in heap.split("-"))
print(low < addresses[0] < high)
"""


@pytest.mark.skipif(not USES_GLIBC, reason="only glibc has these settings")
def test_all_threads_of_the_server_share_one_heap() -> None:
    printed = subprocess.run([sys.executable, "-c", ARENA], capture_output=True, text=True, check=True, timeout=60)
    assert printed.stdout.strip() == "True"


@pytest.mark.skipif(not USES_GLIBC, reason="only glibc has these settings")
def test_holes_go_back_soon_when_asked_for() -> None:
    printed = subprocess.run([sys.executable, "-c", TIDY], capture_output=True, text=True, check=True, timeout=60)
    assert int(printed.stdout) >= 50


@pytest.mark.skipif(not USES_GLIBC, reason="only glibc has these settings")
def test_freed_memory_is_used_again() -> None:
    printed = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=60)
    worked, faults = printed.stdout.split()
    assert worked == "True"
    assert int(faults) < 5000  # each of the 20 blocks has 4,883 pages


@pytest.mark.skipif(not USES_GLIBC, reason="only glibc has these settings")
def test_holes_between_blocks_go_back_to_the_system() -> None:
    printed = subprocess.run([sys.executable, "-c", HOLES], capture_output=True, text=True, check=True, timeout=60)
    worked, given_back_mb = printed.stdout.split()
    assert worked == "True"
    assert int(given_back_mb) > 50  # of 100 MB in 100 holes
