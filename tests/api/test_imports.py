"""What api/__init__.py says: to import a module of ours changes nothing in the process."""

import json
import subprocess
import sys

from harness.gunicorn_server import PROJECT

CONFIGURATION = "api.server.gunicorn_conf"  # gunicorn runs it to be told what to do
IMPORT_EACH = """
import importlib, json, logging, os, signal, sys, warnings
from contextlib import suppress
from pathlib import Path

ours, theirs = json.load(sys.stdin)

def links(folder):
    for number in os.listdir(folder):
        with suppress(OSError):  # the folder itself was open, and is no more
            yield f"{number} {os.readlink(f'{folder}/{number}')}"

def handlers():
    for name, logger in {"root": logging.root, **logging.root.manager.loggerDict}.items():
        if getattr(logger, "handlers", ()) or getattr(logger, "level", 0):
            yield f"{name} {logger.level} {logger.handlers}"

def look():
    return {
        "threads": set(os.listdir("/proc/self/task")),
        "open files": set(links("/proc/self/fd")),
        "native libraries": {line.split()[-1] for line in open("/proc/self/maps") if ".so" in line},
        "the environment": {f"{name}={value}" for name, value in os.environ.items()},
        "the warnings' filters": set(map(repr, warnings.filters)),
        "logging": set(handlers()),
        "signals": {f"{number} {signal.getsignal(number)}" for number in signal.valid_signals()},
    }

for name in theirs:  # what they do when they are imported is not ours
    with suppress(Exception):
        importlib.import_module(name)
for name in ours:
    before = look()
    importlib.import_module(name)
    after = look()
    for what in before:  # a thread that ends, or a file that is closed, was of theirs
        changed = after[what] - before[what] if what in ("threads", "open files") else before[what] ^ after[what]
        if changed:
            print(f"{name} changes {what}: {changed}")
theirs = [name for name in sys.modules if name.partition(".")[0] not in ("api", "__main__")]
print(json.dumps(theirs), file=sys.stderr)
"""


def import_each(ours: list[str], theirs: list[str]) -> tuple[str, list[str]]:
    """Import them in a fresh interpreter; returns what ours have changed, and all of theirs that are needed."""
    environment = {"PYTHONPATH": str(PROJECT), "PAGESIGHT_SLOTS": "bad, but not read at import"}
    command = [sys.executable, "-c", IMPORT_EACH]
    words = json.dumps([ours, theirs])
    done = subprocess.run(command, env=environment, input=words, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout, json.loads(done.stderr)


def test_importing_a_module_has_no_side_effects():
    paths = [path.relative_to(PROJECT).with_suffix("") for path in sorted((PROJECT / "api").rglob("*.py"))]
    ours = [".".join(path.parts).removesuffix(".__init__") for path in paths]
    ours.remove(CONFIGURATION)
    ours.sort(key=lambda name: -name.count("."))  # the inner ones first, so that the one that does it is named
    _, theirs = import_each(ours, [])
    changes, _ = import_each(ours, theirs)
    assert not changes, changes
