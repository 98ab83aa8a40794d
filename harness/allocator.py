"""How the server's unit sets glibc's allocator: for every server and model that tests and benchmarks start."""

import re
from pathlib import Path

UNIT = Path(__file__).parents[1] / "deploy" / "systemd" / "pagesight.service"
VARIABLE = r"^Environment=((?:MALLOC|GLIBC)_\w+)=(\S+)$"
ALLOCATOR = dict(re.findall(VARIABLE, UNIT.read_text(encoding="utf-8"), re.MULTILINE))
