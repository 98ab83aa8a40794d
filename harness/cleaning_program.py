"""The real program of `make clean-data`, without a browser."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.gunicorn_server import PROJECT

STOP_LIMIT_S = 20
PAGE = PROJECT / "site" / "clean" / "dist" / "index.html"


@contextmanager
def cleaning(data: Path, *arguments: str, **environment: str) -> Iterator[str]:
    """Run it for a folder; gives the address of its page."""
    assert PAGE.is_file(), "run `npm run build:clean` first"
    command = [sys.executable, "-m", "api.commands.clean_data", data, *arguments, "--no-open"]
    given = {name: value for name, value in os.environ.items() if not name.startswith("PAGESIGHT_MODEL")} | environment
    with subprocess.Popen(
        command, cwd=PROJECT, env=given, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as program:
        assert program.stdout
        try:
            lines = []
            for line in program.stdout:
                lines.append(line)
                found = re.search(r"http://127\.0\.0\.1:\d+/\S+/", line)
                if found:
                    break
            else:
                raise AssertionError(f"the program ended: {''.join(lines)}")
            yield found[0]
        finally:
            program.terminate()
            program.wait(STOP_LIMIT_S)
