"""A machine of its own for install.sh: the real systemd as its first process, in namespaces over a copy of this one.

It sees all that is installed here, and every change that it makes stays in memory and ends with it. It has its own
network, with nothing on it. Needs root, util-linux and systemd.
"""

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.gunicorn_server import PROJECT

SYSTEMD = Path("/lib/systemd/systemd")
BOOT_LIMIT_S = 60
COMMAND_LIMIT_S = 400
POLL_S = 0.05
SOURCE = "/srv/pagesight"  # what a box knows of this repository
VENV = "/opt/environment"
PYTHON_HOME = "/opt/python"
PACKAGES = f"{VENV}/lib/python{sysconfig.get_python_version()}/site-packages"
CLONED = ("api", "deploy", "docs/page.png", "requirements", "scripts", "LICENSE", "pyproject.toml", "README.md")
MODEL_FILES = ("coco.names", "yolov3-tiny.cfg", "yolov3-tiny.weights")
SPACES = ("--mount", "--net", "--pid", "--uts", "--ipc", "--cgroup", "--propagation", "private")
UNSHARE = ("setpriv", "--pdeathsig", "KILL", "unshare", *SPACES, "--fork", "--kill-child")
BECOME = PROJECT / "tests" / "deploy" / "box.sh"


class Box:
    """One machine. `files` are put into it before it starts, by their paths."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="pagesight-box-"))
        self._seed = self._folder.with_name(f"{self._folder.name}.seed")
        self._cgroup = _cgroup_root() / self._folder.name
        self._process: subprocess.Popen[bytes] | None = None
        self._init = 0
        self._plant(files)

    def _plant(self, files: Mapping[str, str]) -> None:
        checkout = self._seed / SOURCE[1:]
        copied = [PROJECT / name for name in CLONED] + [PROJECT / "weights" / name for name in MODEL_FILES]
        for source in copied:
            target = checkout / source.relative_to(PROJECT)
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, target)
        for path in (PYTHON_HOME, f"{VENV}/bin", PACKAGES):
            (self._seed / path[1:]).mkdir(parents=True)
        (self._seed / VENV[1:] / "bin/python").symlink_to(f"{PYTHON_HOME}/bin/python{sysconfig.get_python_version()}")
        files = dict(files) | {
            f"{VENV}/pyvenv.cfg": f"home = {PYTHON_HOME}/bin\ninclude-system-site-packages = false\n",
            "/etc/ld.so.conf.d/pagesight-box.conf": f"{PYTHON_HOME}/lib\n",
        }
        for name, text in files.items():
            path = self._seed / name[1:]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def start(self) -> None:
        """Boot it."""
        self._cgroup.mkdir()
        arguments = [BECOME, self._folder, sys.base_prefix, PYTHON_HOME, sysconfig.get_path("purelib"), PACKAGES]
        # It is moved into its control group before that becomes the root of what it sees.
        self._process = subprocess.Popen(
            ["bash", "-c", f'echo $$ >"{self._cgroup}/cgroup.procs"; exec "$@"', "bash", *UNSHARE, *arguments],
            stdin=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + BOOT_LIMIT_S
        while True:
            self._init = _only_child(self._process.pid)
            if self._init and Path(f"/proc/{self._init}/comm").read_text(encoding="utf-8").strip() == "systemd":
                state = self.run("systemctl", "is-system-running", check=False).stdout.strip()
                if state in ("running", "degraded"):
                    break
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError("systemd did not start in the box")
            time.sleep(POLL_S)
        self.run("ldconfig")

    def command(self, *arguments: str) -> list[str]:
        """Return the command line that runs `arguments` as root in the box."""
        enter = ["nsenter", "--target", str(self._init), "--all", "--root", "--wd"]
        environment = ["env", "-i", "--chdir=/root", "HOME=/root", "LANG=C.UTF-8", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"]
        return [*enter, *environment, *arguments]

    def run(self, *arguments: str, check: bool = True, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command and wait for it; its stdout and stderr come as one text."""
        done = subprocess.run(
            self.command(*arguments),
            check=False,
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=COMMAND_LIMIT_S,
        )
        if check and done.returncode:
            raise AssertionError(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}")
        return done

    def shell(self, script: str, *, check: bool = True) -> str:
        """Run lines of bash and return what they print."""
        return self.run("bash", "-euo", "pipefail", "-c", script, check=check).stdout

    def close(self) -> None:
        """End all of it and leave nothing."""
        if self._process is not None:
            if self._init:
                os.kill(self._init, signal.SIGKILL)  # the first process of its namespace: all others end with it
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)
        shutil.rmtree(self._seed, ignore_errors=True)
        _remove_cgroup(self._cgroup)


def why_there_is_no_box(*programs: str) -> str:
    """Say what this machine lacks for a box with these programs; nothing where all is there."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return "a box needs Linux and root"
    missing = [name for name in programs if not shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")]
    if missing or not SYSTEMD.exists():
        return f"not installed here: {', '.join(missing) or 'systemd'}"
    probe = "mount -t tmpfs tmpfs /mnt && mkdir /mnt/u /mnt/w /mnt/r && mount -t cgroup2 cgroup2 /sys/fs/cgroup && \
        mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/u,workdir=/mnt/w /mnt/r"
    tried = subprocess.run([*UNSHARE, "bash", "-c", probe], capture_output=True, text=True, check=False)
    return f"no box can be made here: {tried.stderr.strip()}" if tried.returncode else ""


@contextmanager
def running_box(files: Mapping[str, str]) -> Iterator[Box]:
    """Give a box that runs, with `files` in it."""
    box = Box(files)
    try:
        box.start()
        yield box
    finally:
        box.close()


def _cgroup_root() -> Path:
    unified = Path("/sys/fs/cgroup/unified")
    return unified if unified.is_dir() else Path("/sys/fs/cgroup")


def _only_child(pid: int) -> int:
    """Return the process id of the child of a process, 0 while it has none."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return 0
    return int(children[0]) if children else 0


def _remove_cgroup(cgroup: Path) -> None:
    deadline = time.monotonic() + BOOT_LIMIT_S
    while cgroup.exists() and time.monotonic() < deadline:
        folders = [Path(folder) for folder, _, _ in os.walk(cgroup, topdown=False)]
        for folder in folders:
            try:
                folder.rmdir()
            except OSError:
                time.sleep(POLL_S)  # its processes are just ending
