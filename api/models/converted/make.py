"""`python -m api.models.converted.make ORDER`: make what is missing of a converted model, in a process of its own.

ORDER is JSON, as `keep` writes it; `report` says what comes back.
"""

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from api.models.card import ModelCard
from api.models.converted.files import ConvertedFiles
from api.models.converted.keep import HALF_MADE
from api.models.converted.refusals import ERRORS, in_words
from api.models.converted.report import say
from api.models.converted.sample import sample_inputs
from api.models.converted.trial import Trial
from api.models.engines.cores import Cores
from api.models.engines.openvino import NAMES, OpenVinoEngine
from api.models.engines.processor import has_bfloat16, processor_name
from api.models.errors import ModelError
from api.models.options import Precision
from api.tasks.letterbox import Letterbox
from api.tasks.registry import TASKS

CONVERT_LIMIT_S = 600.0
MEMORY = 4_000_000_000  # bytes that a conversion may take, and as many times the size of the model's files:
MEMORY_OF_SIZE = 8
GAIN = 0.95  # a less exact precision must take at most this share of the time
MOST_DIFFERENCE = 0.2  # of a precision from float32, root of the mean square in standard deviations
MOST_ERROR = 5e-3  # of a raw output from PyTorch's, in standard deviations of its array
LEAST_AGREEMENT = 0.99  # of what a network that selects finds with what PyTorch finds
TRIAL_S = 0.5  # for each precision, about
LEAST_TURNS = 3
Outputs = Mapping[str, NDArray[np.float32]]
EXPECTED = "expected.npz"  # what PyTorch computes, which `convert` writes beside the graph of a torch module


def main(argument: str) -> int:
    """Carry out the order; returns the exit status."""
    order = json.loads(argument)
    home, name = Path(order["home"]), order["name"]
    most = MEMORY + MEMORY_OF_SIZE * order["size"]  # a small file may declare, or compute, more than this machine has
    _, allowed = resource.getrlimit(resource.RLIMIT_DATA)
    if allowed == resource.RLIM_INFINITY or allowed > most:
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    try:
        if not ConvertedFiles(home, name).card.is_file():
            status = make_files(name, order["folder"], order["definition"], home)
            if status:
                return status  # `convert` has said why, or could not
        if order["trial"]:
            int8 = Path(order["int8"]) if order["int8"] else None
            try_precisions(ConvertedFiles(home, name), int8, order["threads"]).write(Path(order["trial"]))
    except ModelError as error:
        say(error=str(error))
        return 1
    except ERRORS as error:
        say(error=f"{name} cannot be computed: {in_words(error)}")
        return 1
    return 0


def make_files(name: str, folder: str, definition: str, home: Path) -> int:
    """Convert a model into the folder `home`, which is there with all files or not at all; returns the exit status."""
    half = Path(tempfile.mkdtemp(suffix=HALF_MADE, dir=home.parent))
    try:
        command = [sys.executable, "-m", "api.models.converted.convert", name, folder, definition, str(half)]
        status = subprocess.run(command, timeout=CONVERT_LIMIT_S).returncode  # noqa: S603
        if status:
            return status if status > 0 else 128 - status  # as a shell says that a signal ended it
        half_made = ConvertedFiles(half, name)
        if (half / EXPECTED).is_file():
            say(progress="converting it for OpenVINO, once: comparing it with PyTorch")
            require_same(half_made, half / EXPECTED)
            (half / EXPECTED).unlink()
        else:
            OpenVinoEngine(half_made.graph, Precision.FP32, Cores(1))(sample_inputs(half_made.read_card())[0])
        half.chmod(0o755)  # mkdtemp closes it to others, of whom one may be the user that serves
        if not ConvertedFiles(home, name).card.is_file():
            shutil.rmtree(home, ignore_errors=True)
            half.replace(home)
    except subprocess.TimeoutExpired as error:
        raise ModelError(f"{name} could not be converted within {CONVERT_LIMIT_S:.0f} s") from error
    except OSError as error:  # no space left, or another process was quicker
        if not ConvertedFiles(home, name).card.is_file():
            raise ModelError(f"{name} could not be converted: {error.strerror or error}") from error
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return 0


def require_same(files: ConvertedFiles, expected: Path) -> None:
    """Raise ModelError unless the graph computes of the sample pictures what is expected."""
    card = files.read_card()
    engine = OpenVinoEngine(files.graph, Precision.FP32, Cores(1))
    with np.load(expected, allow_pickle=False) as arrays:
        inputs = sample_inputs(card, int(arrays["number"]))
        engine.warm_up([(x.shape[2], x.shape[3]) for x in inputs])
        for number, x in enumerate(inputs):
            found = engine(x)
            exact = {name: arrays[f"{number}/{name}"] for name in found}
            off = _disagreement(card, x, found, exact) if card.selects else _largest_error(found, exact)
            if off:
                raise ModelError(
                    f"the converted network computes others than PyTorch: {off};"
                    " PAGESIGHT_ENGINE=torch serves it without conversion"
                )


def _largest_error(found: Outputs, exact: Outputs) -> str:
    """Say which output is off, if one is."""
    for name, values in exact.items():
        off = float(np.abs(found[name] - values).max() / max(float(values.std()), 1e-6))
        if not off <= MOST_ERROR:
            return f"{name} differs by up to {off:.3g} standard deviations"
    return ""


def _disagreement(card: ModelCard, x: NDArray[np.float32], found: Outputs, exact: Outputs) -> str:
    """Say how far the results differ, if they do."""
    task = TASKS[card.task]
    if task.comparison is None:
        return ""
    decode = task.families[card.family](card.output, card.labels)
    whole = Letterbox.stretch(x.shape[2:], x.shape[2:])
    first, second = (decode(outputs, whole, task.comparison.options) for outputs in (exact, found))
    agreement = task.comparison.measure([(first, second)])
    return "" if agreement.share >= LEAST_AGREEMENT else f"only {agreement.share:.1%} of what is found agrees"


def try_precisions(files: ConvertedFiles, int8: Path | None, threads: int) -> Trial:
    """Time each precision that there is, in turns, and choose."""
    say(progress="trying which precision is the quickest on this processor")
    card = files.read_card()
    x = sample_inputs(card)[0]
    graphs = {Precision.FP32: files.graph}
    if has_bfloat16() and not card.selects:
        graphs[Precision.BF16] = files.graph
    if int8:
        graphs[Precision.INT8] = int8
    engines, outputs = {}, {}
    for precision, graph in graphs.items():
        engines[precision] = OpenVinoEngine(graph, precision, Cores(threads))
        engines[precision].warm_up([(x.shape[2], x.shape[3])])  # which also gives memory back before the next one
        outputs[precision] = engines[precision](x)
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
