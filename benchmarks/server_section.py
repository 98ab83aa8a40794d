"""What `serve_load`, `whole_worker` and `other_servers` found, as parts of the report."""

import json
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.csv_files import read_rows
from benchmarks.serve_load import BUSY, added_ms, throughput_share
from benchmarks.tables import table, workers_table


def clients_table(results: Path, models: Sequence[str]) -> str:
    """Return what each number of clients saw, a row for each model and precision."""
    rows = [
        (f"{found['model']} {found['precision']}", str(load["clients"]), f"{load['per_second']:.1f}",
         f"{load['p50']:.0f}", f"{load['p99']:.0f}", f"{load['p99'] / load['p50']:.2f}", str(load["refused"]))
        for found in read_servers(results, models) for load in found["clients"]
    ]  # fmt: skip
    head = ("model", "clients", "a second", "p50, ms", "p99, ms", "p99 / p50", "refused")
    return table(head, rows) if rows else ""


def added_table(results: Path, models: Sequence[str]) -> str:
    """Return what the server carries beside OpenVINO's own throughput, and what it adds to a lone request."""
    rows = []
    for found in read_servers(results, models):
        server, bare = (median(column) for column in zip(*found["throughput_per_s"], strict=True))
        request, work = (median(column) for column in zip(*found["lone_ms"], strict=True))
        rows.append(
            (f"{found['model']} {found['precision']}", f"{server:.1f}", f"{bare:.1f}", f"{throughput_share(found):.3f}",
             f"{request:.1f}", f"{work:.1f}", f"{added_ms(found):.1f}", f"{found['outside_of_work_ms']:.1f}")
        )  # fmt: skip
    head = ("model", f"{BUSY} clients: a second", "OpenVINO's THROUGHPUT", "share", "lone request, ms", "its work, ms",
            "longer by", "outside of its stages")  # fmt: skip
    return table(head, rows) if rows else ""


def worker_table(results: Path, models: Sequence[str]) -> str:
    """Return memory and starts of the whole server."""
    paths = {model: path for model in models if (path := results / f"worker-{model}.csv").exists()}
    return workers_table(paths) if paths else ""


def others_table(results: Path, models: Sequence[str]) -> str:
    """Return other programs' servers beside ours, or nothing where none was measured."""
    rows = [
        (row["server"], model, f"{float(row['lone_ms']):.1f}", f"{float(row['lone_ratio']):.2f}",
         f"{float(row['per_second']):.1f}", f"{float(row['resident_mb']):.0f}", f"{float(row['start_s']):.1f}")
        for model in models for row in read_rows(results / f"others-{model}.csv")
    ]  # fmt: skip
    head = ("server", "model", "lone request, ms", "x the first", f"{BUSY} clients: a second", "memory, MB", "start, s")
    return table(head, rows) if rows else ""


def read_servers(results: Path, models: Sequence[str]) -> list[dict]:
    """Return what `serve_load` wrote, in the order of the models."""
    found = [json.loads(path.read_text()) for path in sorted(results.glob("server-*.json"))]
    return [each for model in models for each in found if each["model"] == model]
