"""How long `explain` and `blur` take, and whether a batch of looks would be quicker than one after the other: a table.

    python -m benchmarks.explaining [--rounds 5]

The models are the published mobilenet_v2 and faces, as a server runs them; the photographs are the page's examples. A
time is the least of all rounds, since other programs only add to it; of the photographs the mean. The second one is the
CPU time of all threads, on which other programs have less effect.
"""

import argparse
import time
from collections.abc import Callable, Iterator

import numpy as np
import openvino
import openvino.properties as properties
import openvino.properties.hint as hint

from api.images.limits import ImageLimits
from api.models.engines.cores import Cores
from api.models.load import load_model
from api.models.model import Model
from api.settings import available_cores
from api.tasks.classification.types import ClassificationOptions
from api.tasks.detection.types import DetectionOptions
from api.work.run_image import ImageRequest, run_image
from harness.gunicorn_server import PROJECT
from harness.real_models import real_model

PHOTOGRAPHS = sorted((PROJECT / "site" / "examples").glob("*.jpg"))
LOOKS = 144
BATCHES = (1, 8, 16)
Times = tuple[float, float]  # milliseconds on the clock, and of CPU
TYPES = {"float32": openvino.Type.f32, "bfloat16": openvino.Type.bf16}


def main() -> None:
    """Print the rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    cores = Cores(available_cores())
    classifier, faces = (load_model(name, real_model(name), cores=cores) for name in ("mobilenet_v2", "faces"))
    print("| what | ms | CPU ms |\n| --- | --- | --- |")
    for measure in (stages(classifier, faces, rounds), batches(classifier, cores, rounds)):
        for what, (wall_ms, cpu_ms) in measure:
            print(f"| {what} | {wall_ms:.1f} | {cpu_ms:.1f} |", flush=True)


def stages(classifier: Model, faces: Model, rounds: int) -> Iterator[tuple[str, Times]]:
    """Measure the work on a photograph, with and without what is asked besides."""
    explained, blurred = ClassificationOptions(explain=True), DetectionOptions(blur=("faces",))
    name = f"mobilenet_v2 ({classifier.engine.precision})"
    yield f"{name}: all the work on a photograph", of_all(classifier, ClassificationOptions(), rounds)
    yield "the same with `explain`", of_all(classifier, explained, rounds)
    yield f"faces ({faces.engine.precision}): all the work on a photograph", of_all(faces, DetectionOptions(), rounds)
    yield "the same with `blur=faces`", of_all(faces, blurred, rounds)


def of_all(model: Model, options: object, rounds: int) -> Times:
    """Return the mean milliseconds of the photographs, from their bytes to the drawn picture."""
    images = [path.read_bytes() for path in PHOTOGRAPHS]
    times = [
        least(lambda image=image: run_image(ImageRequest(image), model, options, ImageLimits()), rounds)
        for image in images
    ]
    return sum(wall for wall, _ in times) / len(times), sum(cpu for _, cpu in times) / len(times)


def batches(classifier: Model, cores: Cores, rounds: int) -> Iterator[tuple[str, Times]]:
    """Measure LOOKS inferences of the same graph in batches of several sizes, all threads for each."""
    (graph,) = (real_model("mobilenet_v2") / "converted").rglob("mobilenet_v2.xml")
    settings = {
        hint.inference_precision: TYPES[classifier.engine.precision],
        properties.num_streams: 1,
        properties.inference_num_threads: cores.threads,
    }
    core = openvino.Core()
    for size in BATCHES:
        network = core.read_model(graph)
        network.reshape([size, 3, *classifier.card.input.size])
        request = core.compile_model(network, "CPU", settings).create_infer_request()
        array = np.random.default_rng(1).random((size, 3, *classifier.card.input.size), np.float32)

        def ask(request: openvino.InferRequest = request, array: np.ndarray = array) -> None:
            for _ in range(LOOKS // len(array)):
                request.infer([array], share_inputs=True, share_outputs=True)

        yield f"{LOOKS} inferences of it in batches of {size}", least(ask, rounds)


def least(work: Callable[[], object], rounds: int) -> Times:
    """Return the least milliseconds of so many rounds."""
    times = []
    for _ in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        times.append((1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu)))
    return min(wall for wall, _ in times), min(cpu for _, cpu in times)


if __name__ == "__main__":
    main()
