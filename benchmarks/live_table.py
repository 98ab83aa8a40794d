"""What `live_camera` found, as tables."""

import json
from pathlib import Path

from benchmarks.csv_files import read_rows
from benchmarks.tables import table

# The page's own names for its parts (site/src/app/live/), in order; of a peer only the whole of its call is known.
PARTS = {
    "wait": "waiting for a frame",
    "grab": "taking it",
    "encode": "JPEG",
    "way": "on the way",
    "queue": "in the queue",
    "decode": "reading it",
    "inference": "network and boxes",
    "detect": "all of these",
    "read": "reading the answer",
    "paint": "painting",
}


def live_table(results: Path) -> str:
    """Return the rate of each program, the parts of a frame, and what grew; nothing where it was not measured."""
    return "\n".join(part for part in (_rates(results), _parts(results), _steady(results)) if part)


def _rates(results: Path) -> str:
    rows = [
        (row["program"], f"{float(row['rate']):.1f}", f"{float(row['lowest']):.1f} to {float(row['highest']):.1f}",
         f"{float(row['delay_ms']):.0f}", f"{float(row['cpu_ms']):.0f}", f"{float(row['longest_ms']):.0f}")
        for row in read_rows(results / "live-camera.csv")
    ]  # fmt: skip
    head = (
        "program",
        "frames a second",
        "of the rounds",
        "delay, ms",
        "processor, ms",
        "longest task of the page's thread, ms",
    )
    return table(head, rows) if rows else ""


def _parts(results: Path) -> str:
    found = read_rows(results / "live-camera.csv")
    parts = [json.loads(row["parts"]) for row in found]
    rows = [
        (words, *(f"{one[name]:.0f}" if name in one else "" for one in parts))
        for name, words in PARTS.items() if any(name in one for one in parts)
    ]  # fmt: skip
    return table(("milliseconds of a frame", *(row["program"] for row in found)), rows) if rows else ""


def _steady(results: Path) -> str:
    rows = [
        (row["seconds"], f"{float(row['heap_mb']):.1f}", f"{float(row['buffers_mb']):.1f}",
         f"{float(row['resident_mb']):.0f}")
        for row in read_rows(results / "live-steady.csv")
    ]  # fmt: skip
    head = ("seconds", "scripts' memory, MB", "their buffers, MB", "whole process, MB")
    return table(head, rows) if rows else ""
