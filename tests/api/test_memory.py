import subprocess
import sys

import pytest

USES_GLIBC = sys.platform == "linux" and "glibc" in __import__("platform").libc_ver()[0]
# A block that was given back is taken again without asking the system: what `mallopt` is for.
PROGRAM = """
import resource
from api.memory import give_back_at_once, keep_for_reuse
print(give_back_at_once() and keep_for_reuse())
bytearray(20_000_000)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    bytearray(20_000_000)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(not USES_GLIBC, reason="only glibc has these settings")
def test_freed_memory_is_used_again() -> None:
    printed = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=60)
    worked, faults = printed.stdout.split()
    assert worked == "True"
    assert int(faults) < 5000  # each of the 20 blocks has 4,883 pages
