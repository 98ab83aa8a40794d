"""`python -m benchmarks.int8_recipes DATA`: what each way of quantizing costs, and what agreement says of it.

The photographs of DATA (as for `make evaluate`) are cut into halves. A model quantized on one half is measured on the
other half, and the other way round, for several cuts: the AP is that of photographs that it was not calibrated on. The
agreement with float32 needs no boxes; this shows whether it ranks the recipes as AP does.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import openvino
from numpy.typing import NDArray

from api.commands.photographs import Photographs
from api.images.limits import ImageLimits
from api.models.converted.files import ConvertedFiles
from api.models.darknet.reader import read_graph
from api.models.engines.cores import Cores
from api.models.engines.openvino import OpenVinoEngine
from api.models.model import Model, make_model
from api.models.options import Precision, RunOptions
from api.models.quantized.quantize import NetworkInputs
from api.models.quantized.recipe import Inputs, Recipe, quantize_graph
from api.tasks.detection.agreement import COMPARISON
from benchmarks.datasets import Dataset, read_dataset
from benchmarks.evaluate_detection import evaluate_boxes

ALL = Recipe(first_in_float=0, last_in_float=False)


class Noise:
    """What no photograph looks like."""

    def __len__(self) -> int:
        return 30

    def __iter__(self) -> Iterator[NDArray[np.float32]]:
        for seed in range(len(self)):
            yield np.random.default_rng(seed).random((1, 3, 416, 320), np.float32)


def recipes(inputs: Inputs) -> dict[str, tuple[Inputs, Recipe]]:
    """Return what is compared, by name; `inputs` are the photographs to calibrate on."""
    return {
        "`make quantize`": (inputs, Recipe()),
        "with bias correction": (inputs, Recipe(bias_correction=True)),
        "with 7 bits for the first weights": (inputs, Recipe(overflow_fix=True)),
        "asymmetric": (inputs, Recipe(asymmetric=True)),
        "the first two quantized, too": (inputs, Recipe(first_in_float=0)),
        "the last ones quantized, too": (inputs, Recipe(last_in_float=False)),
        "everything quantized": (inputs, ALL),
        "everything, with bias correction": (inputs, replace(ALL, bias_correction=True)),
        "calibrated on noise": (Noise(), Recipe()),
        "everything, calibrated on noise": (Noise(), ALL),
    }


def main() -> int:
    """Print a row for each recipe; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="instances.json with images/, or labels/*.txt with images/")
    parser.add_argument("--model", default="yolov3-tiny", help="a Darknet model in weights/")
    parser.add_argument("--cuts", type=int, default=3, help="ways of cutting the photographs into halves")
    arguments = parser.parse_args()
    cores = Cores(2)
    kept = tempfile.TemporaryDirectory()  # of its own: others may convert the model anew while this runs
    options = RunOptions(converted_dir=Path(kept.name))
    graph, _ = read_graph(arguments.model, Path("weights"), options, cores)
    exact = make_model(graph.read_card(), OpenVinoEngine(graph.graph, Precision.FP32, cores))
    dataset = read_dataset(arguments.data, exact.card.labels)
    rows: dict[str, list[tuple[float, float]]] = {}
    for seed in range(arguments.cuts):
        halves = cut(dataset, seed)
        for calibration, held_out in (halves, halves[::-1]):
            inputs = list(NetworkInputs(photographs(calibration), exact.card.input))
            pictures = list(photographs(held_out))
            found = [exact.run(pixels, COMPARISON.options) for pixels in pictures]
            ap = accuracy(exact, held_out)
            for name, (these, recipe) in recipes(inputs).items():
                model = quantized(graph, exact, these, recipe)
                again = (model.run(pixels, COMPARISON.options) for pixels in pictures)
                share = COMPARISON.measure(zip(found, again, strict=True)).share
                rows.setdefault(name, []).append((share, accuracy(model, held_out) - ap))
                sys.stderr.write(f"cut {seed + 1}: {name}: {share:.3f} {rows[name][-1][1]:+.4f}\n")
    print("| recipe | agreement | AP against float32 |\n| --- | --- | --- |")
    for name, values in rows.items():
        agreed, change = np.mean(values, axis=0)
        print(f"| {name} | {agreed:.3f} | {change:+.4f} |")
    return 0


def cut(dataset: Dataset, seed: int) -> tuple[Dataset, Dataset]:
    """Return two halves of a data set."""
    ids = sorted(dataset.paths)
    random.Random(seed).shuffle(ids)  # noqa: S311, nothing secret
    middle = len(ids) // 2
    return part(dataset, set(ids[:middle])), part(dataset, set(ids[middle:]))


def part(dataset: Dataset, ids: set[int]) -> Dataset:
    """Return the photographs of these ids."""
    truth = {
        **dataset.truth,
        "images": [image for image in dataset.truth["images"] if image["id"] in ids],
        "annotations": [box for box in dataset.truth["annotations"] if box["image_id"] in ids],
    }
    return replace(dataset, truth=truth, paths={key: path for key, path in dataset.paths.items() if key in ids})


def quantized(graph: ConvertedFiles, exact: Model, inputs: Inputs, recipe: Recipe) -> Model:
    """Return the model quantized by a recipe."""
    with tempfile.TemporaryDirectory() as folder:
        files = ConvertedFiles(Path(folder), "quantized")
        openvino.save_model(quantize_graph(graph.graph, inputs, recipe), files.graph, compress_to_fp16=False)
        return make_model(exact.card, OpenVinoEngine(files.graph, Precision.INT8, Cores(2)))


def photographs(dataset: Dataset) -> Photographs:
    """Return the photographs of a data set."""
    return Photographs(list(dataset.paths.values()), ImageLimits(), "reading")


def accuracy(model: Model, dataset: Dataset) -> float:
    """Return the AP."""
    return float(evaluate_boxes(model, dataset, "AP").stats[0])


if __name__ == "__main__":
    sys.exit(main())
