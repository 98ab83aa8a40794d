"""`python -m api.models.converted.make ORDER`: make what is missing of a converted model, in a process of its own.

ORDER is JSON, as `keep` writes it. Standard output has a line of JSON for each step (`progress`), and `error` with the
reason if it fails.
"""

import json
import shutil
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from api.models.card import ModelCard
from api.models.converted.files import ConvertedFiles
from api.models.converted.keep import HALF_MADE
from api.models.converted.trial import Trial
from api.models.engines.cores import Cores
from api.models.engines.openvino import NAMES, OpenVinoEngine
from api.models.engines.processor import has_bfloat16, processor_name
from api.models.errors import ModelError
from api.models.input import prepare_input
from api.models.options import Precision

GAIN = 0.95  # a less exact precision must take at most this share of the time
MOST_DIFFERENCE = 0.2  # from float32, root of the mean square in standard deviations
TRIAL_S = 0.5  # for each precision, about
LEAST_TURNS = 3


def main(argument: str) -> int:
    """Carry out the order; returns the exit status."""
    order = json.loads(argument)
    home, name = Path(order["home"]), order["name"]
    try:
        if not ConvertedFiles(home, name).card.is_file():
            make_files(name, Path(order["folder"]), order["definition"], home)
        if order["trial"]:
            int8 = Path(order["int8"]) if order["int8"] else None
            try_precisions(ConvertedFiles(home, name), int8, order["threads"]).write(Path(order["trial"]))
    except ModelError as error:
        say(error=str(error))
        return 1
    return 0


def say(**word: str) -> None:
    """Write a line for the process that waits."""
    sys.stdout.write(f"{json.dumps(word)}\n")
    sys.stdout.flush()


def make_files(name: str, folder: Path, definition: str, home: Path) -> None:
    """Convert a model into the folder `home`, which is there with all files or not at all."""
    from api.models.converted.convert import convert  # it imports PyTorch, which a trial does not need

    say(progress="converting it for OpenVINO, once: reading the weights")
    card, module = import_module(definition).read_definition(name, folder)
    half = Path(tempfile.mkdtemp(suffix=HALF_MADE, dir=home.parent))
    try:
        files = ConvertedFiles(half, name)
        convert(module, [sample_input(card, shape) for shape in ((3, 4), (4, 3))], files.graph, say)
        files.write_card(card)
        half.chmod(0o755)  # mkdtemp closes it to others, of whom one may be the user that serves
        if not ConvertedFiles(home, name).card.is_file():
            shutil.rmtree(home, ignore_errors=True)
            half.replace(home)
    except OSError as error:  # no space left, or another process was quicker
        if not ConvertedFiles(home, name).card.is_file():
            raise ModelError(f"{name} could not be converted: {error}") from error
    finally:
        shutil.rmtree(half, ignore_errors=True)


def try_precisions(files: ConvertedFiles, int8: Path | None, threads: int) -> Trial:
    """Time each precision that there is, in turns, and choose."""
    say(progress="trying which precision is the quickest on this processor")
    x = sample_input(files.read_card(), (3, 4))
    graphs = {Precision.FP32: files.graph}
    if has_bfloat16():
        graphs[Precision.BF16] = files.graph
    if int8:
        graphs[Precision.INT8] = int8
    engines = {precision: OpenVinoEngine(graph, precision, Cores(threads)) for precision, graph in graphs.items()}
    outputs = {precision: engine(x) for precision, engine in engines.items()}
    exact = outputs[Precision.FP32]
    differences = {precision: difference(found, exact) for precision, found in outputs.items()}
    best = dict.fromkeys(engines, np.inf)
    end, turns = time.perf_counter() + TRIAL_S * len(engines), 0
    while turns < LEAST_TURNS or time.perf_counter() < end:
        for precision, engine in engines.items():
            began = time.perf_counter()
            engine(x)
            best[precision] = min(best[precision], time.perf_counter() - began)
        turns += 1
    chosen = Precision.FP32
    for precision in engines:
        # int8 has been held to float32 on photographs when it was quantized; this picture is none.
        agrees = precision is Precision.INT8 or differences[precision] <= MOST_DIFFERENCE
        if agrees and best[precision] <= GAIN * best[chosen]:
            chosen = precision
    milliseconds = {NAMES[precision]: round(seconds * 1000, 2) for precision, seconds in best.items()}
    times = ", ".join(f"{name} {each:.1f}" for name, each in milliseconds.items())
    why = f"tried on {processor_name()} with {threads} threads, ms at {x.shape[3]} x {x.shape[2]}: {times}"
    say(progress=why)
    by_name = {NAMES[precision]: round(float(value), 5) for precision, value in differences.items()}
    return Trial(chosen, why, milliseconds, by_name)


def difference(found: dict[str, NDArray[np.float32]], exact: dict[str, NDArray[np.float32]]) -> float:
    """Return how far outputs are from exact ones: root of the mean square, in standard deviations of the output."""
    return max(
        float(np.sqrt(np.mean(np.square(found[name] - output))) / max(float(output.std()), 1e-6))
        for name, output in exact.items()
    )


def sample_input(card: ModelCard, shape: tuple[int, int]) -> NDArray[np.float32]:
    """Return what the network reads of a picture of soft spots of the shape (height, width), always the same one."""
    height, width = shape
    spots = np.random.default_rng(0).integers(0, 256, (4 * height, 4 * width, 3), np.uint8)
    picture: Any = cv2.resize(spots, (160 * width, 160 * height), interpolation=cv2.INTER_CUBIC)
    return prepare_input(picture, card.input.place(picture.shape[:2]), card.input)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
