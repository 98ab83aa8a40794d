"""`python -m benchmarks.report [--write-docs]`: tables and plots from results; also docs/performance.md.

The document's words stand in `benchmarks/performance.md.in`, with a line `{{name}}` where a table or a plot goes.
"""

import argparse
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.figures import OURS, Times, read_turns
from benchmarks.plots import plot_bars, plot_photographs, plot_sizes
from benchmarks.server_section import added_table, clients_table, others_table, worker_table
from benchmarks.tables import (
    photographs_table,
    read_accuracies,
    resources_table,
    sizes_table,
    table,
    times_table,
)
from benchmarks.targets import targets_table

PROJECT = Path(__file__).parents[1]
TEMPLATE = Path(__file__).with_name("performance.md.in")
MODELS = ("yolov3", "yolov3-tiny")
IN_PLOT = (*OURS, "Pagesight int8", "OpenVINO bf16 grid", "OpenVINO int8 grid", "OpenVINO bf16 square",
           "OpenVINO int8 square", "ncnn fp32", "ONNX Runtime fp32", "OpenCV DNN fp32")  # fmt: skip


def main() -> int:
    """Write the report, and the document where that is asked for; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=Path, default=Path("benchmarks/results"), help="what benchmarks.bench wrote")
    parser.add_argument("--write-docs", action="store_true", help="docs/performance.md and its plots, too")
    arguments = parser.parse_args()
    print(write_report(arguments.results))
    if arguments.write_docs:
        plots = PROJECT / "docs" / "performance"
        plots.mkdir(exist_ok=True)
        text = _fill(TEMPLATE.read_text(), arguments.results, plots, "performance/")
        (PROJECT / "docs" / "performance.md").write_text(text)
        print("Written: docs/performance.md and docs/performance/")
    return 0


def write_report(results: Path) -> str:
    """Write benchmarks.md with its plots beside the results; return the table of the targets."""
    report = results / "benchmarks.md"
    report.write_text(_fill(TEMPLATE.read_text(), results, results, ""))
    return f"{_targets(results)}\nWritten: {report}"


def _fill(template: str, results: Path, plots: Path, link: str) -> str:
    """Put tables and plots in their places. What was not measured leaves its place empty."""
    tasks = {model: read_turns(results / f"turns-{model}.csv")[0] for model in MODELS}
    parts: dict[str, Callable[[], str]] = {
        "machine": lambda: _machine(results),
        "targets": lambda: targets_table(results, tasks),
        "turns": lambda: _turns(results),
        "clients": lambda: clients_table(results, MODELS),
        "added": lambda: added_table(results, MODELS),
        "worker": lambda: worker_table(results, MODELS),
        "others": lambda: others_table(results, MODELS),
    }

    def plot(name: str, words: str, draw: Callable[[Path], None]) -> str:
        draw(plots / f"{name}.png")
        return f"![{words}]({link}{name}.png)\n\n"

    for model in MODELS:
        alone = tasks[model].get("network")
        photographs = {task: times for task, times in tasks[model].items() if task != "network"}
        parts |= _model_parts(model, alone, photographs, results, plot)
    by_image, by_input = (
        {model: path for model in MODELS if (path := results / f"{kind}-size-{model}.csv").exists()}
        for kind in ("image", "input")
    )
    if by_image and by_input:
        parts["plot image size"] = lambda: plot(
            "image-size", "Milliseconds against megapixels of the photograph",
            lambda target: plot_sizes(by_image, target, "By the photograph's size, input 416", "megapixels"),
        )  # fmt: skip
        parts["plot input size"] = lambda: plot(
            "input-size", "Milliseconds against the size of the network's input",
            lambda target: plot_sizes(by_input, target, "By the input's size, 4:3 photograph", "pixels a side"),
        )  # fmt: skip
    filled = re.sub(r"\{\{(.+?)\}\}\n", lambda place: parts.get(place[1], str)(), template)
    return re.sub(r"\n{3,}", "\n\n", filled).rstrip("\n") + "\n"


def _model_parts(
    model: str,
    alone: Times | None,
    photographs: dict[str, Times],
    results: Path,
    plot: Callable[[str, str, Callable[[Path], None]], str],
) -> dict[str, Callable[[], str]]:
    parts: dict[str, Callable[[], str]] = {}
    if alone:
        parts[f"network {model}"] = lambda: times_table(alone)
        parts[f"plot network {model}"] = lambda: plot(
            f"network-{model}", f"Milliseconds of each contestant's bare {model} on a square of 416",
            lambda target: plot_bars(alone, target, f"{model}, the network alone, 416 x 416, batch 1"),
        )  # fmt: skip
    if photographs:
        parts[f"photographs {model}"] = lambda: photographs_table(
            photographs, read_accuracies(results / f"accuracy-{model}.csv")
        )
        parts[f"plot photographs {model}"] = lambda: plot(
            f"photographs-{model}", f"Milliseconds of each contestant for each shape of photograph, {model}",
            lambda target: plot_photographs(photographs, IN_PLOT, target, f"{model}, from JPEG bytes to detections"),
        )  # fmt: skip
    if (resources := results / f"resources-{model}.csv").exists():
        parts[f"resources {model}"] = lambda: resources_table(resources)
    for kind, unit in (("image", "megapixels"), ("input", "pixels a side")):
        if (path := results / f"{kind}-size-{model}.csv").exists():
            parts[f"{kind} size {model}"] = lambda path=path, unit=unit: sizes_table(path, unit)
    return parts


def _targets(results: Path) -> str:
    tasks = {model: read_turns(results / f"turns-{model}.csv")[0] for model in MODELS}
    return targets_table(results, tasks)


def _machine(results: Path) -> str:
    path = results / "machine.json"
    if not path.exists():
        return ""
    found = json.loads(path.read_text())
    programs = ", ".join(f"{name} {number}" for name, number in found["versions"].items())
    return f"{found['machine']}; Python {found['python']}, {programs}.\n"


def _turns(results: Path) -> str:
    """Return how many turns were thrown away."""
    rows = []
    for model in MODELS:
        _, counts = read_turns(results / f"turns-{model}.csv")
        rows += [(f"{model}, {task}", str(good), str(total - good)) for task, (good, total) in counts.items()]
    return table(("task", "turns used", "turns thrown away"), rows)


if __name__ == "__main__":
    sys.exit(main())
