"""The Markdown tables of the benchmarks."""

from collections.abc import Iterable, Mapping, Sequence
from math import isnan
from pathlib import Path

from benchmarks.csv_files import read_rows
from benchmarks.figures import Times, ours_in, summarize


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table, numbers to the right."""
    lines = ["| " + " | ".join(head) + " |", "| --- " + "| ---: " * (len(head) - 1) + "|"]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"


def times_table(times: Times) -> str:
    """Return milliseconds with quartiles and paired ratios, the quickest first."""
    rows = [
        (row.contestant, f"{row.median:.1f}", f"{row.low:.1f} to {row.high:.1f}", f"{row.ratio:.2f}",
         f"{row.ratio_low:.2f} to {row.ratio_high:.2f}")
        for row in summarize(times, ours_in(times))
    ]  # fmt: skip
    return table(("contestant", "ms", "quartiles", f"x {ours_in(times)}", "quartiles"), rows)


def photographs_table(tasks: dict[str, Times], accuracies: Mapping[str, float]) -> str:
    """Return each contestant's milliseconds for each shape, the quickest with 4:3 first, and AP where it is known."""
    shapes = list(tasks)
    summaries = {
        shape: {row.contestant: row for row in summarize(tasks[shape], ours_in(tasks[shape]))} for shape in shapes
    }
    first = "4:3" if "4:3" in shapes else shapes[0]
    order = sorted(summaries[first], key=lambda name: summaries[first][name].median)
    rows = []
    for name in order:
        found = [summaries[shape].get(name) for shape in shapes]
        cells = [f"{row.median:.1f} ({row.ratio:.2f})" if row else "" for row in found]
        rows.append((name, *cells, *([ap_of(name, accuracies)] if accuracies else [])))
    return table(("contestant", *shapes, *(["AP"] if accuracies else [])), rows)


def read_accuracies(path: Path) -> dict[str, float]:
    """Return AP by contestant, as `benchmarks.int8_accuracy` names them."""
    return {row["contestant"]: float(row["AP"]) for row in read_rows(path)}


def ap_of(name: str, accuracies: Mapping[str, float]) -> str:
    """Return a contestant's AP: that of its graph, whatever runs it."""
    if name.endswith("Pagesight's graph"):
        name = "Pagesight int8"
    graph = name if name in accuracies else name.rpartition(" ")[0]  # without the canvas
    return f"{accuracies[graph]:.4f}" if graph in accuracies else ""


def resources_table(path: Path) -> str:
    """Return start-up and memory of each contestant."""
    forms = {"start_s": ".2f", "now_mb": ".0f", "peak_mb": ".0f"}
    rows = [
        (row["contestant"], *(format(float(row[key]), form) for key, form in forms.items())) for row in read_rows(path)
    ]
    return table(("contestant", "start, s", "memory, MB", "its peak, MB"), rows)


def workers_table(paths: Mapping[str, Path]) -> str:
    """Return memory and starts of the whole server, a row for each model and precision."""
    head = ("model", "first start, s", "start, s", "master, MB", "worker: ready, MB", "after 200 one at a time",
            "after 200 two at a time", "its peak")  # fmt: skip
    keys = ("first_start_s", "start_s", "master_mb", "ready_mb", "one_mb", "two_mb", "peak_mb")
    rows = []
    for model, path in paths.items():
        for row in read_rows(path):
            values = [float(row[key]) for key in keys]
            forms = (".1f", ".2f", *[".0f"] * 5)
            cells = ["" if isnan(value) else format(value, form) for value, form in zip(values, forms, strict=True)]
            rows.append((f"{model} {row['precision']}", *cells))
    return table(head, rows)


def sizes_table(path: Path, unit: str) -> str:
    """Return milliseconds at each size, a column for each contestant."""
    rows = read_rows(path)
    names = list(dict.fromkeys(row["contestant"] for row in rows))
    sizes = list(dict.fromkeys(row["size"] for row in rows))
    times = {(row["size"], row["contestant"]): f"{1000 * float(row['seconds']):.1f}" for row in rows}
    rows_by_size = [(f"{float(size):g}", *(times.get((size, name), "") for name in names)) for size in sizes]
    return table((unit, *names), rows_by_size)
