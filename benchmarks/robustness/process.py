"""What a process has used, from Linux' /proc (proc(5))."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
RESET_PEAK = "5"
SAMPLE_S = 0.002


def cpu_s(pid: int) -> float:
    """Return the seconds of all its threads, in steps of a hundredth."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def resident_mb(pid: int) -> float:
    """Return the memory that it holds now."""
    return _status(pid, "VmRSS")


def peak_mb(pid: int) -> float:
    """Return the most that it has held since the start, or since `reset_peak`."""
    return _status(pid, "VmHWM")


def reset_peak(pid: int) -> None:
    """Begin to look for the peak anew."""
    Path(f"/proc/{pid}/clear_refs").write_text(RESET_PEAK, encoding="ascii")


def cpu_with_children_s(pid: int) -> float:
    """Return the seconds of the process and of all children that it has waited for, in steps of a hundredth."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS_PER_S


def resident_with_children_mb(pid: int) -> float:
    """Return the memory that the process and its children hold now; pages that they share count for each."""
    return resident_mb(pid) + sum(_resident_or_0(child) for child in _children(pid))


@contextmanager
def watched_memory(pid: int) -> Iterator[list[float]]:
    """Look every 2 ms at what the process and its children hold; the list's last number is the most so far, in MB.

    A peak of the process alone is seen however short it is.
    """
    peaks, is_over = [0.0], threading.Event()

    def watch() -> None:
        while not is_over.wait(SAMPLE_S):
            peaks.append(max(peaks[-1], resident_with_children_mb(pid)))

    reset_peak(pid)
    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peaks
    finally:
        is_over.set()
        watcher.join()
        peaks.append(max(peaks[-1], peak_mb(pid)))


def _children(pid: int) -> Iterator[int]:
    """Give those that run a program of their own: until then a child borrows all of its parent's memory."""
    own = Path(f"/proc/{pid}/cmdline").read_bytes()
    for thread in Path(f"/proc/{pid}/task").iterdir():
        try:
            for child in (thread / "children").read_text(encoding="ascii").split():
                if Path(f"/proc/{child}/cmdline").read_bytes() != own:
                    yield int(child)
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended


def _resident_or_0(pid: int) -> float:
    try:
        return resident_mb(pid)
    except (FileNotFoundError, ProcessLookupError, StopIteration):
        return 0.0


def _status(pid: int, name: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) / 1000
