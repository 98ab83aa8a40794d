"""Whole videos, while workers, the server and PostgreSQL are killed; and visitors with photographs beside them.

    python -m benchmarks.robustness.jobs [--seconds 60] [--quick]

A real gunicorn and real workers, with SQLite and with PostgreSQL (Debian's package). The video shows a photograph that
moves; what undisturbed work finds in it is what disturbed work must find, byte by byte.
"""

import argparse
import os
import secrets
import signal
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load import measure
from benchmarks.robustness.rows import Row, finish, save
from harness.gunicorn_server import PROJECT, GunicornServer, running_server
from harness.job_worker import (
    DYING_WORKER,
    WORKER,
    Jobs,
    Worker,
    environment_of,
    folder_of_jobs,
    kept_running,
    running_worker,
    seconds_until,
    wait_for_worker,
    walk,
)
from harness.postgres import running_postgres, why_there_is_none
from harness.waiting import wait_until

PHOTOGRAPH = PROJECT / "site" / "examples" / "dog.jpg"
PLACES = ("probe.done", "work_on_chunk.middle", "work_on_chunk.done", "finish.done", "tidy")
GUESSES = 2_000
TAKEN_OVER_S = 30.0
CANCELLED_S = 1.0
SLOWER = 1.5
LIMIT_S = 300.0
EVERY = 10  # frames a second
KEPT_S = 3.0


def main() -> None:
    """Measure and save the rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="for photographs, without a video and with one")
    parser.add_argument("--quick", action="store_true", help="10 seconds, to try this program")
    arguments = parser.parse_args()
    seconds = 10.0 if arguments.quick else arguments.seconds
    rows = []
    for row in all_rows(seconds):
        print(row.measure, row.measured, sep=": ", file=sys.stderr)
        rows.append(row)
    save("jobs", f"python -m benchmarks.robustness.jobs --seconds {seconds:g}", rows)
    finish(rows)


def all_rows(seconds: float) -> Iterator[Row]:
    """Give all rows, one after the other."""
    with stage() as undisturbed:
        right = undisturbed.result(undisturbed.jobs.begin(walk(), every=EVERY))
        yield cancel(undisturbed)
        yield guess(undisturbed)
        yield kill_server(undisturbed, right)
    yield kill_worker(right)
    yield give_up()
    yield forget()
    if obstacle := why_there_is_none():
        print(f"{obstacle}: two rows are left out", file=sys.stderr)
    else:
        yield restart_postgres(right)
        yield lose_worker(right)
    yield from photographs_beside_a_video(seconds)


@dataclass(frozen=True)
class Stage:
    """A server, its workers and their folder."""

    server: GunicornServer
    workers: list[Worker]
    folder: Path

    @property
    def jobs(self) -> Jobs:
        """A client of the server."""
        return Jobs(self.server.client)

    def result(self, job_id: str) -> bytes:
        """Return the JSON of a job once it is done."""
        job = self.jobs.wait(job_id, limit_s=LIMIT_S)
        return self.jobs.get(job_id, "/result.json").body if job["state"] == "done" else repr(job).encode()


@contextmanager
def stage(workers: int = 1, command: tuple[str, ...] = DYING_WORKER, **environment: str) -> Iterator[Stage]:
    """Give a server with so many workers, which are started again when they fail."""
    with ExitStack() as stack:
        folder = stack.enter_context(folder_of_jobs())
        told = environment_of(folder, **environment)
        started = [stack.enter_context(running_worker(command, **told)) for _ in range(workers)]
        server = stack.enter_context(running_server(**told))
        for worker in started:
            stack.enter_context(kept_running(worker))
        wait_for_worker(server, workers, limit_s=LIMIT_S)
        yield Stage(server, started, folder)


def kill_worker(right: bytes) -> Row:
    """Kill the worker at each place of a job; it goes on where it was."""
    wrong = []
    for place in PLACES:
        with stage(DIE_AT=place) as set_up:
            result = set_up.result(set_up.jobs.begin(walk(), every=EVERY))
            has_died = (set_up.folder / f"died-{place}").exists()
            if result != right or not has_died:
                wrong.append(place)
    return Row(
        measure=f"the worker killed (SIGKILL) at {len(PLACES)} places of a job: other results",
        target="0, byte by byte",
        measured=f"{len(wrong)} {wrong or ''}".strip(),
        met=not wrong,
    )


def kill_server(set_up: Stage, right: bytes) -> Row:
    """Kill the web process in the middle of a job; it is there again, and so is the job."""
    job_id = set_up.jobs.begin(walk(), every=EVERY)
    set_up.jobs.wait_for_frames(job_id)
    (pid,) = set_up.server.worker_pids
    os.kill(pid, signal.SIGKILL)
    set_up.server.wait_until_ready()
    is_right = set_up.result(job_id) == right
    return Row(
        measure="the web process killed in the middle of a job",
        target="the job is found again and right",
        measured="it is" if is_right else "it is not",
        met=is_right,
    )


def cancel(set_up: Stage) -> Row:
    """Cancel a long job, and see how soon its worker is free."""
    job_id = set_up.jobs.begin(walk(20.0), every=30)
    set_up.jobs.wait_for_frames(job_id)
    next_one = set_up.jobs.begin(walk(0.5))
    set_up.jobs.end(job_id)
    seconds = seconds_until(lambda: set_up.jobs.state(next_one)["state"] != "queued")
    set_up.jobs.wait(next_one)
    return Row(
        measure="a job cancelled: until the worker has left it and begun the next one",
        target=f"<= {CANCELLED_S:g} s, and 0.5 s to look for the next one",
        measured=f"{seconds:.1f} s",
        met=seconds <= CANCELLED_S + 0.5,
    )


def guess(set_up: Stage) -> Row:
    """Ask for ids that nobody was given."""
    answers = {set_up.jobs.get(secrets.token_hex(16)).status for _ in range(GUESSES)}
    return Row(
        measure=f"{GUESSES:,} guesses at the id of a job",
        target="404",
        measured=", ".join(map(str, sorted(answers))),
        met=answers == {404},
    )


def give_up() -> Row:
    """Send a file that kills the worker each time."""
    with stage() as set_up:
        killer = set_up.jobs.begin(walk(1.0), name="killer.mp4")
        other = set_up.jobs.begin(walk(0.5))
        failed = set_up.jobs.wait(killer, limit_s=LIMIT_S)
        after = set_up.jobs.wait(other, limit_s=LIMIT_S)
    met = failed["state"] == "failed" and "begun 6 times" in failed["detail"] and after["state"] == "done"
    return Row(
        measure="a file that kills the worker each time",
        target="given up in words after 5 more attempts, and the next job is done",
        measured=f"{failed['state']}, and the next is {after['state']}: {failed['detail']}",
        met=met,
    )


def forget() -> Row:
    """Look at what is left after the kept time."""
    with stage(PAGESIGHT_JOBS_KEEP=str(KEPT_S)) as set_up:
        job_id = set_up.jobs.begin(walk(0.5))
        wait_until(lambda: set_up.jobs.get(job_id).status == 404, limit_s=LIMIT_S)
        time.sleep(KEPT_S + 2)
        files = [*(set_up.folder / "jobs").rglob("*"), *(set_up.folder / "incoming").iterdir()]
        rows = rows_of(set_up.folder / "jobs.sqlite")
    return Row(
        measure=f"{KEPT_S:g} s after its end, with PAGESIGHT_JOBS_KEEP={KEPT_S:g}",
        target="no file and no row of the job",
        measured=f"{len(files)} files, {rows} rows",
        met=not files and not rows,
    )


def rows_of(database: Path) -> int:
    """Return how many rows are left in the tables that hold something of a job."""
    with sqlite3.connect(database) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {table: {row[1] for row in connection.execute(f"PRAGMA table_info({table})")} for table in tables}
        return sum(
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608, a name from the database
            for table, names in columns.items()
            if "workflow_uuid" in names
        )


def restart_postgres(right: bytes) -> Row:
    """Restart PostgreSQL in the middle of a job."""
    with running_postgres() as postgres, stage(PAGESIGHT_JOBS=postgres.url) as set_up:
        job_id = set_up.jobs.begin(walk(), every=EVERY)
        set_up.jobs.wait_for_frames(job_id)
        postgres.restart()
        wait_until(lambda: set_up.jobs.get(job_id).status == 200, limit_s=LIMIT_S)
        is_right = set_up.result(job_id) == right
    return Row(
        measure="PostgreSQL restarted in the middle of a job",
        target="the job is done, byte by byte the same",
        measured="it is" if is_right else "it is not",
        met=is_right,
    )


def lose_worker(right: bytes) -> Row:
    """Kill one of two workers for good."""
    with running_postgres() as postgres, ExitStack() as stack:
        folder = stack.enter_context(folder_of_jobs())
        told = environment_of(folder, PAGESIGHT_JOBS=postgres.url)
        workers = [
            stack.enter_context(running_worker(DYING_WORKER, **told, DIE_AT="work_on_chunk.middle")) for _ in range(2)
        ]
        server = stack.enter_context(running_server(**told))
        wait_for_worker(server, 2, limit_s=LIMIT_S)
        jobs = Jobs(server.client)
        job_id = jobs.begin(walk(), every=EVERY)
        wait_until(lambda: any(worker.has_died() for worker in workers), limit_s=LIMIT_S)
        taken_over_s = seconds_until(lambda: jobs.state(job_id)["state"] == "done", limit_s=LIMIT_S)
        is_right = Stage(server, workers, folder).result(job_id) == right
    return Row(
        measure="two workers on PostgreSQL, one killed for good in the middle of a job: until the other has done it",
        target=f"<= {TAKEN_OVER_S:g} s, byte by byte the same",
        measured=f"{taken_over_s:.1f} s, {'the same' if is_right else 'another result'}",
        met=is_right and taken_over_s <= TAKEN_OVER_S,
    )


def photographs_beside_a_video(seconds: float) -> Iterator[Row]:
    """Compare the times of a visitor who asks again and again, with and without videos that are worked on."""
    photograph = PHOTOGRAPH.read_bytes()
    with stage(command=WORKER) as set_up:
        client = set_up.server.client

        def ask() -> bool:
            return client.detect(photograph).status == 200

        alone = measure(1, seconds, ask)
        videos = [set_up.jobs.begin(walk(60.0), every=30) for _ in range(3)]
        set_up.jobs.wait_for_frames(videos[0])
        before = frames_of(set_up.jobs, videos)
        beside = measure(1, seconds, ask)
        after = frames_of(set_up.jobs, videos)
    yield Row(
        measure="a photograph's p99 while a video is worked on",
        target=f"<= {SLOWER:g} x the {alone.p99:.0f} ms without",
        measured=f"{beside.p99:.0f} ms, {beside.p99 / alone.p99:.2f} x (p50 {alone.p50:.0f} and {beside.p50:.0f} ms)",
        met=beside.p99 <= SLOWER * alone.p99,
    )
    yield Row(
        measure="frames of videos that were analysed meanwhile",
        target="some",
        measured=f"{(after - before) / seconds:.1f} a second",
        met=after > before,
    )


def frames_of(jobs: Jobs, job_ids: list[str]) -> int:
    """Return how many frames of all of these were analysed so far."""
    return sum(jobs.state(job_id)["frames"] for job_id in job_ids)


if __name__ == "__main__":
    main()
