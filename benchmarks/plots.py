"""The plots of the benchmarks, light and small."""

import statistics
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl

from benchmarks.contestants import ENTRIES
from benchmarks.csv_files import read_rows
from benchmarks.figures import Times, ours_in, summarize

mpl.use("Agg")
from matplotlib import pyplot as plt

OUR_COLOUR, PEER_COLOUR = "#0b6bcb", "#9aa5b1"
STYLES = {"bf16": "-o", "int8": ":^", "fp32": "--s"}
DPI = 110


def plot_bars(times: Times, target: Path, title: str) -> None:
    """Draw each contestant's median as a bar, with its quartiles."""
    rows = summarize(times, ours_in(times))[::-1]
    figure, axes = plt.subplots(figsize=(7, 0.32 * len(rows) + 1.1), layout="constrained")
    spread = ([row.median - row.low for row in rows], [row.high - row.median for row in rows])
    axes.barh(
        [row.contestant for row in rows], [row.median for row in rows], xerr=spread, ecolor="#333333", height=0.7,
        error_kw={"linewidth": 1}, color=[_colour(row.contestant) for row in rows],
    )  # fmt: skip
    for number, row in enumerate(rows):
        axes.annotate(f"{row.median:.1f}", (row.high, number), (6, 0), textcoords="offset points", va="center")
    axes.set(xlabel="milliseconds (median, quartiles)", title=title, xlim=(0, 1.1 * max(row.high for row in rows)))
    _finish(figure, axes, target)


def plot_photographs(tasks: dict[str, Times], names: Sequence[str], target: Path, title: str) -> None:
    """Draw groups of bars, a group for each shape, a bar for each of these contestants."""
    figure, axes = plt.subplots(figsize=(7.5, 4.2), layout="constrained")
    names = [name for name in names if any(name in times for times in tasks.values())]
    width = 0.8 / len(names)
    for number, name in enumerate(names):
        medians = [1000 * statistics.median(times.get(name, {0: 0.0}).values()) for times in tasks.values()]
        places = [index + (number - (len(names) - 1) / 2) * width for index in range(len(tasks))]
        axes.bar(places, medians, width * 0.92, label=name, color=mpl.colormaps["tab10"](number))
    axes.set_xticks(range(len(tasks)), list(tasks))
    axes.set(ylabel="milliseconds", xlabel="shape of the photograph (width : height)", title=title)
    figure.legend(loc="outside lower center", fontsize="small", ncols=3)
    _finish(figure, axes, target)


def plot_sizes(paths: dict[str, Path], target: Path, title: str, unit: str) -> None:
    """Draw milliseconds against a size, a line for each model and precision."""
    figure, axes = plt.subplots(figsize=(7, 3.6), layout="constrained")
    for colour, (model, path) in enumerate(paths.items()):
        rows = read_rows(path)
        for name in dict.fromkeys(row["contestant"] for row in rows):
            points = [(float(row["size"]), 1000 * float(row["seconds"])) for row in rows if row["contestant"] == name]
            axes.plot(*zip(*points, strict=True), STYLES[ENTRIES[name].precision], color=f"C{colour}", markersize=4,
                      label=f"{model}, {ENTRIES[name].precision}")  # fmt: skip
    axes.set(xlabel=unit, ylabel="milliseconds, JPEG to detections", title=title, ylim=(0, None))
    axes.legend(fontsize="small")
    _finish(figure, axes, target)


def _colour(name: str) -> str:
    return OUR_COLOUR if ENTRIES[name].ours else PEER_COLOUR


def _finish(figure: plt.Figure, axes: plt.Axes, target: Path) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25)
    axes.set_axisbelow(True)
    figure.savefig(target, dpi=DPI)
    plt.close(figure)
