"""A machine of its own for install.sh: the real systemd as its first process, in namespaces over a copy of this one.

It sees all that is installed here, and every change that it makes stays in memory and ends with it. It has its own
network, with nothing on it. Needs root, util-linux and systemd.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from harness.gunicorn_server import PROJECT

SYSTEMD = Path("/lib/systemd/systemd")
BOOT_LIMIT_S = 60
COMMAND_LIMIT_S = 400
POLL_S = 0.05
SOURCE = "/srv/pagesight"  # what a box knows of this repository
PACKAGES = "/srv/packages"  # where it sees the Python packages of the tests
PYTHON = "/usr/bin/python3"
CLONED = ("api", "deploy", "docs/page.png", "requirements", "scripts", "LICENSE", "pyproject.toml", "README.md")
MODEL_FILES = ("catalogue.toml", "coco.names", "yolov3-tiny.cfg", "yolov3-tiny.weights")
SPACES = ("--mount", "--net", "--pid", "--uts", "--ipc", "--cgroup", "--mount-proc", "--propagation", "private")
UNSHARE = ("setpriv", "--pdeathsig", "KILL", "unshare", *SPACES, "--fork", "--kill-child")
BECOME = PROJECT / "tests" / "deploy" / "box.sh"


class Box:
    """One machine. `files` are put into it before it starts, by their paths."""

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="pagesight-box-"))
        self._seed = self._folder.with_name(f"{self._folder.name}.seed")
        self._cgroup = _cgroup_root() / self._folder.name
        self._process: subprocess.Popen[bytes] | None = None
        self._init = 0
        self._plant(files)

    def _plant(self, files: Mapping[str, str | bytes]) -> None:
        checkout = self._seed / SOURCE[1:]
        copied = [PROJECT / name for name in CLONED] + [PROJECT / "weights" / name for name in MODEL_FILES]
        for source in copied:
            target = checkout / source.relative_to(PROJECT)
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, target)
        (self._seed / PACKAGES[1:]).mkdir(parents=True)
        for name, content in files.items():
            path = self._seed / name[1:]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    def start(self) -> None:
        """Boot it."""
        self._cgroup.mkdir()
        arguments = [BECOME, self._folder, sysconfig.get_path("purelib"), PACKAGES]
        # It is moved into its control group before that becomes the root of what it sees.
        self._process = subprocess.Popen(
            ["bash", "-c", f'echo $$ >"{self._cgroup}/cgroup.procs"; exec "$@"', "bash", *UNSHARE, *arguments],
            stdin=subprocess.DEVNULL,
        )
        self._wait_until(self._is_up, "systemd did not start in the box")

    def reboot(self) -> None:
        """Shut it down and boot it again. Its disk stays as it is."""
        before = Path(f"/proc/{self._init}")
        self.run("systemctl", "reboot", check=False)
        self._wait_until(lambda: not before.exists(), "the box did not shut down")
        self._wait_until(self._is_up, "the box did not start again")

    def _is_up(self) -> bool:
        assert self._process is not None
        self._init = _systemd_below(self._process.pid)
        if not self._init:
            return False
        return self.run("systemctl", "is-system-running", check=False).stdout.strip() in ("running", "degraded")

    def _wait_until(self, holds: Callable[[], bool], complaint: str) -> None:
        assert self._process is not None
        deadline = time.monotonic() + BOOT_LIMIT_S
        while not holds():
            assert self._process.poll() is None, complaint
            assert time.monotonic() < deadline, complaint
            time.sleep(POLL_S)

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
            self._process.kill()  # and with it the first process of its namespace, and with that all others
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
    if not _has_python_of_the_tests():
        return f"the Python packages of the tests are not for {PYTHON}"
    probe = "mount -t tmpfs tmpfs /mnt && mkdir /mnt/u /mnt/w /mnt/r && mount -t cgroup2 cgroup2 /sys/fs/cgroup && \
        mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/u,workdir=/mnt/w /mnt/r"
    tried = subprocess.run([*UNSHARE, "bash", "-c", probe], capture_output=True, text=True, check=False)
    return f"no box can be made here: {tried.stderr.strip()}" if tried.returncode else ""


@contextmanager
def running_box(files: Mapping[str, str | bytes]) -> Iterator[Box]:
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


def _has_python_of_the_tests() -> bool:
    told = subprocess.run([PYTHON, "-c", "import sys; print(sys.version_info[:2])"], capture_output=True, text=True)
    return told.stdout.strip() == str(sys.version_info[:2])


def _systemd_below(pid: int) -> int:
    """Return the process id of the systemd that descends from a process, 0 while there is none."""
    while pid := _only_child(pid):
        if Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip() == "systemd":
            return pid
    return 0


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
