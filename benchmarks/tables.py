"""The Markdown tables of the benchmarks."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.contestants import BARE_CONVOLUTIONS
from benchmarks.figures import (
    ENTRIES,
    OURS,
    Times,
    best_bare_convolution,
    read_rows,
    share_of_peak,
    summarize,
)
from benchmarks.model_files import WEIGHTS
from benchmarks.operations import bare_operations, network_operations

ALONE_OURS = "Pagesight bf16 square"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table, numbers to the right."""
    lines = ["| " + " | ".join(head) + " |", "| --- " + "| ---: " * (len(head) - 1) + "|"]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"


def times_table(times: Times, against: str) -> str:
    """Return milliseconds with quartiles and paired ratios, the quickest first."""
    rows = [
        (row.contestant, f"{row.median:.1f}", f"{row.low:.1f} to {row.high:.1f}", f"{row.ratio:.2f}",
         f"{row.ratio_low:.2f} to {row.ratio_high:.2f}")
        for row in summarize(times, against) if ENTRIES[row.contestant].detects
    ]  # fmt: skip
    return table(("contestant", "ms", "quartiles", f"x {against.removeprefix('Pagesight ')}", "quartiles"), rows)


def photographs_table(tasks: dict[str, Times]) -> str:
    """Return each contestant's milliseconds for each shape, the quickest with 4:3 first."""
    shapes = list(tasks)
    summaries = {shape: {row.contestant: row for row in summarize(tasks[shape], OURS)} for shape in shapes}
    first = "4:3" if "4:3" in shapes else shapes[0]
    order = sorted(summaries[first], key=lambda name: summaries[first][name].median)
    rows = [
        (name, *(f"{summaries[shape][name].median:.1f} ({summaries[shape][name].ratio:.2f})" for shape in shapes))
        for name in order
    ]
    return table(("contestant", *shapes), rows)


def peak_table(model: str, times: Times) -> str:
    """Return what share of a bare convolution's speed the whole network reaches."""
    network = network_operations(WEIGHTS / f"{model}.cfg")
    bare = {entry.name: bare_operations(**entry.options) for entry in BARE_CONVOLUTIONS}
    rows = []
    for precision in ("bf16", "fp32"):
        name, speed = best_bare_convolution(times, precision, bare)
        contestant = f"Pagesight {precision} square"
        if name and contestant in times:
            share = share_of_peak(times, contestant, name, operations=network, bare_operations=bare[name])
            shape = name.split(f"{precision} ")[1]
            rows.append((precision, shape, f"{speed:.0f}", f"{share * speed:.0f}", f"{share:.0%}"))
    return table(("precision", "quickest 3 x 3 convolution", "its GFLOP/s", f"{model}'s GFLOP/s", "share"), rows)


def resources_table(path: Path) -> str:
    """Return start-up and memory of each contestant."""
    forms = {"start_s": ".2f", "peak_mb": ".0f", "library_mb": ".0f"}
    rows = [
        (row["contestant"], *(format(float(row[key]), form) for key, form in forms.items())) for row in read_rows(path)
    ]
    return table(("contestant", "start, s", "memory, MB", "its library alone, MB"), rows)


def sizes_table(path: Path, unit: str) -> str:
    """Return milliseconds at each size, a column for each contestant."""
    rows = read_rows(path)
    names = list(dict.fromkeys(row["contestant"] for row in rows))
    sizes = list(dict.fromkeys(row["size"] for row in rows))
    times = {(row["size"], row["contestant"]): f"{1000 * float(row['seconds']):.1f}" for row in rows}
    rows_by_size = [(f"{float(size):g}", *(times.get((size, name), "") for name in names)) for size in sizes]
    return table((unit, *names), rows_by_size)
