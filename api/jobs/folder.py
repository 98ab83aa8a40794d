"""The files of jobs: a folder for each, which only this user may read. Files appear whole, or not at all."""

import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ID = re.compile(r"[0-9a-f]{32}")  # 128 bits
PRIVATE = 0o700
SPARE_BYTES = 500_000_000  # left free on the disk for everything else
ALIVE_S = 30.0  # a worker says more often than that that it is there


def make_id() -> str:
    """Return an id that nobody guesses."""
    return secrets.token_hex(16)


class JobFolder:
    """The folder of one job."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.upload = path / "upload"
        self.preview = path / "preview.jpg"
        self.result_json = path / "result.json"
        self.result_mp4 = path / "result.mp4"

    def frames_of(self, chunk: int) -> Path:
        """Return where what was found in a chunk is kept until the end."""
        return self.path / f"{chunk:05d}.json"

    def video_of(self, chunk: int) -> Path:
        """Return where the drawn part of a chunk is kept until the end."""
        return self.path / f"{chunk:05d}.mp4"

    def forget_all_but_results(self) -> None:
        """Remove what was sent, and what only the work needed."""
        kept = {self.preview, self.result_json, self.result_mp4}
        with suppress(FileNotFoundError):
            for file in self.path.iterdir():
                if file not in kept:
                    file.unlink(missing_ok=True)


class JobFolders:
    """Where all jobs are kept."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._jobs = root / "jobs"
        self._incoming = root / "incoming"
        self._workers = root / "workers"

    def prepare(self) -> None:
        """Make the folders."""
        for folder in (self.root, self._jobs, self._incoming, self._workers):
            folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)

    def of(self, job_id: str) -> JobFolder:
        """Return a job's folder, which need not be there. Raises ValueError for what is no id."""
        if not ID.fullmatch(job_id):
            raise ValueError("this is no id of a job")
        return JobFolder(self._jobs / job_id)

    def incoming(self) -> Path:
        """Return where to write a file that is being sent."""
        return self._incoming / secrets.token_hex(16)

    def admit(self, incoming: Path, job_id: str) -> JobFolder:
        """Make the job's folder, with the file in it. Raises FileExistsError."""
        folder = self.of(job_id)
        folder.path.mkdir(mode=PRIVATE)
        incoming.replace(folder.upload)
        return folder

    def forget(self, job_id: str) -> None:
        """Remove all files of a job: in one go, so that a worker who is still at it can write nothing more."""
        gone = self.incoming()
        with suppress(FileNotFoundError):
            self.of(job_id).path.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)

    def ids(self) -> set[str]:
        """Return the jobs that have a folder."""
        return {path.name for path in self._jobs.iterdir() if ID.fullmatch(path.name)}

    def age_s(self, job_id: str) -> float:
        """Return for how long a job's folder has not changed."""
        try:
            return time.time() - self.of(job_id).path.stat().st_mtime
        except FileNotFoundError:
            return 0.0

    def forget_unfinished(self, older_s: float) -> None:
        """Remove what was sent in part by senders that have gone, and what was being removed when a process ended."""
        for path in self._incoming.iterdir():
            with suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime > older_s:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()

    def has_room_for(self, size: int) -> bool:
        """Return whether the disk would still have room after such a file and its results."""
        return shutil.disk_usage(self.root).free > 2 * size + SPARE_BYTES

    def sign_in(self, worker: str) -> None:
        """Say that a worker is there."""
        (self._workers / worker).touch(mode=0o600)

    def sign_out(self, worker: str) -> None:
        """Say that a worker goes."""
        (self._workers / worker).unlink(missing_ok=True)

    def workers(self) -> int:
        """Return how many workers are there."""
        oldest = time.time() - ALIVE_S
        count = 0
        with suppress(FileNotFoundError):
            for path in self._workers.iterdir():
                with suppress(FileNotFoundError):
                    count += path.stat().st_mtime > oldest
        return count


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Give a name to write to; afterwards the file has its own. If that fails, there is no file."""
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part{path.suffix}")
    try:
        yield part
        part.chmod(0o600)
        os.replace(part, path)  # noqa: PTH105, the same call, named as everybody knows it
    finally:
        part.unlink(missing_ok=True)
