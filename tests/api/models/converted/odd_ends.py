"""A definition whose conversion ends in the way that the model's name says."""

import os
import signal
import time
from pathlib import Path

from api.models.card import ModelCard
from api.models.converted.files import ConvertedFiles


def write_graph(name: str, folder: Path, _files: ConvertedFiles) -> ModelCard:
    if name == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if name == "crashed":
        os.kill(os.getpid(), signal.SIGSEGV)
    if name == "greedy":
        bytearray(5_000_000_000)
    if name == "lost":
        (folder / "lost.data").read_bytes()
    if name == "slow":
        time.sleep(60)
    raise RuntimeError("this definition is broken")
