"""How the server's unit sets glibc's allocator: for every server and model that tests and benchmarks start."""

import re
from pathlib import Path

UNIT = Path(__file__).parents[1] / "deploy" / "systemd" / "pagesight.service"
ALLOCATOR = dict(re.findall(r"^Environment=(MALLOC_\w+)=(\d+)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE))
