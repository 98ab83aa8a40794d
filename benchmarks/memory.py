"""What a process holds, as Linux tells it (proc(5))."""

from pathlib import Path

NOW, PEAK = "VmRSS", "VmHWM"


def megabytes(what: str, pid: int | str = "self") -> float:
    """Return NOW or PEAK of a process in MB (millions of bytes); 0 where Linux does not say."""
    status = Path(f"/proc/{pid}/status")
    for line in status.read_text().splitlines() if status.exists() else []:
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0
