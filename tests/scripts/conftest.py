"""A mirror, and a way to run the scripts as a person would."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.scripts.mirror import Mirror, running_mirror

SCRIPTS = Path(__file__).parents[2] / "scripts"

RunScript = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    with running_mirror() as server:
        yield server


@pytest.fixture
def run_script() -> RunScript:
    """Run scripts/NAME with `environment` added to the little a script needs."""

    def run(name: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        # No proxy of the machine's may stand between the scripts and 127.0.0.1.
        base = {"PATH": os.environ["PATH"], "PYTHON": sys.executable, "no_proxy": "*"}
        return subprocess.run(
            [SCRIPTS / name, *arguments], env=base | environment, capture_output=True, text=True, timeout=60
        )

    return run
