"""A chain beside the same models run alone: what it says, its time and its memory. Fails if one of them is not as said.

    python -m benchmarks.chain_parity --data FOLDER [--sign PHOTOGRAPH ...] [--detector yolov3-tiny]

Three chains: a narrow gate, a detector that Darknet trained, and a reader of its boxes; the same gate and a reader of
the whole photograph; weights/street.chain.toml. FOLDER holds COCO's photographs and `instances.json`: half of
`--photographs` show a stop sign, a traffic light or a bus, the others are evenly spread. `--sign`: more photographs,
such as Debian's scenetext01.jpg of opencv-doc. The models are those of weights/, or of the tests. A row tells of a
photograph whether it passes, the boxes, and what was read; `same`: the gate's verdict, the boxes, and what is said of
each crop are those of the models alone. The times are the least of `--rounds`, chain and models in turns: where other
programs run, too, the least says most, and what all threads of this program have computed says more.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.models.chain.chain import Chain, cut_out
from api.models.engines.cores import Cores
from api.models.errors import ModelError
from api.models.formats import require_model
from api.models.load import model_loader
from api.models.model import Model
from api.settings import available_cores
from api.tasks.classification.types import ClassificationOptions
from api.tasks.detection.chaining import keep_labels
from api.tasks.detection.types import DetectionOptions
from api.tasks.part import Part
from api.tasks.reading.types import ReadingOptions
from api.tasks.registry import TASKS
from harness.gunicorn_server import PROJECT
from harness.real_models import link_models

GATE = """[[step]]
run = "mobilenet_v2"
pass = ["street sign", "traffic light"]
at_least = 0.2
otherwise = "This does not look like a street."
"""
CHAIN = f"""task = "detection"
{GATE}[[step]]
run = "DETECTOR"
keep = ["stop sign", "car"]
[[step]]
crop = {{ margin = 0.1, at_most = 10 }}
run = "read"
attach = "text"
"""
PLAIN = f"""task = "reading"
{GATE}[[step]]
run = "read"
"""
WANTED = ("stop sign", "traffic light", "bus")  # in half of the photographs
MOST_TIME = 1.05  # of the sum of the steps
MOST_MEMORY_MB = 5.0  # more than the models: what two starts of the same program differ by

Pixels = Any


Took = tuple[float, float]  # milliseconds by the clock, and computed


@dataclass(frozen=True)
class Row:
    """What came of a photograph, and how long it took in each round."""

    name: str
    stopped: bool
    found: str
    is_same: bool
    chain: list[Took]
    alone: list[Took]

    def __str__(self) -> str:
        """Return it as a row of the table."""
        verdict = "no" if self.stopped else "yes"
        same = "yes" if self.is_same else "NO"
        return f"| {self.name} | {verdict} | {self.found} | {same} | {least(self.chain)} | {least(self.alone)} |"


def main() -> int:
    """Print the table and what follows from it; returns 1 if something is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--photographs", type=int, default=20)
    parser.add_argument("--sign", type=Path, nargs="*", default=[])
    parser.add_argument("--detector", default="yolov3-tiny")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--memory", nargs="*", help=argparse.SUPPRESS)  # of a process that loads these
    arguments = parser.parse_args()
    if arguments.memory:
        return print_memory(arguments.data, arguments.memory)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        models = ("mobilenet_v2", arguments.detector, "read")
        put_models(folder, (*models, "yolox-nano"))
        (folder / "signs.chain.toml").write_text(CHAIN.replace("DETECTOR", arguments.detector))
        (folder / "plain.chain.toml").write_text(PLAIN)
        load = model_loader(folder, cores=Cores(available_cores()))
        photographs = [*choose(arguments.data, arguments.photographs), *arguments.sign]
        is_right = True
        for name in ("signs", "plain", "street"):
            rows = [measure(load(name), path, arguments.rounds) for path in photographs]
            is_right &= tell(name, rows)
        return 0 if tell_memory(folder, models) and is_right else 1


def put_models(folder: Path, names: Sequence[str]) -> None:
    """Put links to models of weights/, or of the tests, into a folder."""
    for file in (PROJECT / "weights").iterdir():
        if file.is_file():
            (folder / file.name).symlink_to(file)
    link_models(folder, *(name for name in names if not is_there(name, folder)))


def is_there(name: str, folder: Path) -> bool:
    """Return whether a model can be loaded from a folder."""
    try:
        require_model(name, folder)
    except ModelError:
        return False
    return True


def choose(data: Path, count: int) -> list[Path]:
    """Return photographs, half of them with a sign; each by its number."""
    known = json.loads((data / "instances.json").read_text(encoding="utf-8"))
    wanted = {one["id"] for one in known["categories"] if one["name"] in WANTED}
    signs = {one["image_id"] for one in known["annotations"] if one["category_id"] in wanted}
    names = sorted((one["file_name"], one["id"] in signs) for one in known["images"])
    with_sign = [name for name, has_sign in names if has_sign][: count // 2]
    others = [name for name, has_sign in names if not has_sign]
    rest = count - len(with_sign)
    spread = [others[index * len(others) // rest] for index in range(rest)]
    return [data / "images" / name for name in (*with_sign, *spread)]


def measure(chain: Chain, path: Path, rounds: int) -> Row:
    """Return what a chain and its models alone say of a photograph, and how long each takes."""
    image = decode_image(path.read_bytes(), orientation=None, limits=ImageLimits()).pixels
    size = (image.shape[0], image.shape[1])
    task = TASKS[chain.card.task]
    options = task.options()
    answer, expected = chain.answer(image, options, [size]), run_alone(chain, image)
    together: list[Took] = []
    alone: list[Took] = []
    for _ in range(rounds):
        together.append(took(lambda: chain.answer(image, options, [size])))
        alone.append(took(lambda: run_alone(chain, image)))
    (found,) = task.to_json(answer.results[0], options).values()
    is_same = (bool(answer.stopped), found) == expected
    words = ", ".join(map(in_words, found))
    return Row(path.name, bool(answer.stopped), words or "-", is_same, together, alone)


def took(work: Callable[[], object]) -> Took:
    """Return how long something takes."""
    began, computed = time.perf_counter(), time.process_time()
    work()
    return 1000 * (time.perf_counter() - began), 1000 * (time.process_time() - computed)


def least(times: Sequence[Took]) -> str:
    """Return the least of each as the table has them."""
    return " | ".join(f"{min(column):.1f}" for column in zip(*times, strict=True))


def in_words(one: Mapping[str, Any]) -> str:
    """Return a detection, and what was read on it; or a line that was read."""
    if "label" not in one:
        return str(one["text"])
    read = one.get("attributes", {}).get("text", {}).get("text")
    return f"{one['label']} {one['confidence']:.0%}" + (f" · {read.replace('|', '/')}" if read else "")


def run_alone(chain: Chain, image: Pixels) -> tuple[bool, list[dict[str, Any]]]:
    """Return whether the gate says no, and what the chain finds as JSON, by each model on its own."""
    (gate,) = chain.gates
    classes = gate.model.run(image, ClassificationOptions(top=len(gate.model.card.labels))).classes
    if not any(one.label in gate.labels and one.confidence >= gate.at_least for one in classes):
        return True, []
    if not chain.crops:
        (lines,) = TASKS["reading"].to_json(chain.main.run(image, ReadingOptions()), ReadingOptions()).values()
        return False, lines
    options = DetectionOptions()
    found = chain.main.run(image, replace(options, max_detections=1000))
    kept = keep_labels(found, chain.keep or (), options.max_detections)
    (told,) = TASKS["detection"].to_json(kept, options).values()
    (step,) = chain.crops
    for one, crop in zip(told, crops_of(chain, kept.detections, image), strict=False):
        one["attributes"] = {step.name: read_alone(step.model, image, crop)}
    return False, told


def crops_of(chain: Chain, detections: Sequence[Any], image: Pixels) -> Iterator[tuple[int, int, int, int]]:
    """Yield left, top, right, bottom of what is cut out."""
    (step,) = chain.crops
    size = (image.shape[0], image.shape[1])
    for one in detections[: step.at_most]:
        yield cut_out(one.box, step.margin, size, size)


def read_alone(model: Model, image: Pixels, crop: tuple[int, int, int, int]) -> dict[str, Any]:
    """Return what a model says of a crop as a picture of its own, in pixels of the whole."""
    left, top, right, bottom = crop
    task = TASKS[model.card.task]
    result = model.run(np.ascontiguousarray(image[top:bottom, left:right]), task.options())
    attached = task.chaining.attached
    words = {"task": task.name, "model": model.card.name, "text": attached.text(result)}
    return {**words, **task.to_json(attached.moved(result, Part(left, top)), task.options())}


def tell(name: str, rows: Sequence[Row]) -> bool:
    """Print a table of photographs; returns whether all are as they should be."""
    print(f"\n{name}: each photograph\n")
    print("| photograph | passes | found | same | chain, ms | computed | its steps alone, ms | computed |")
    print("| --- | --- | --- | --- | ---: | ---: | ---: | ---: |")
    for row in rows:
        print(row)
    same = sum(row.is_same for row in rows)
    print(f"\n{same} of {len(rows)} the same; the gate said no {sum(row.stopped for row in rows)} times")
    ratios = []
    for column, words in enumerate(("by the clock", "computed")):
        chain, alone = (
            sum(min(one[column] for one in times) for times in columns)
            for columns in zip(*((row.chain, row.alone) for row in rows), strict=True)
        )
        ratios.append(chain / alone)
        print(f"all together {chain:.0f} ms, the steps alone {alone:.0f} ms {words}: {ratios[-1]:.3f}")
    print(f"at most {MOST_TIME} of the steps alone is right")
    return same == len(rows) and ratios[0] <= MOST_TIME


def tell_memory(folder: Path, models: Sequence[str]) -> bool:
    """Print what processes take that load the models, the chain, and both; returns whether a chain takes no more."""
    alone, chain, both = (memory_of(folder, names) for names in (models, ("signs",), ("signs", *models)))
    print(f"\nmemory: the models {alone:.1f} MB, the chain {chain:.1f} MB, both in one process {both:.1f} MB")
    return max(chain, both) <= alone + MOST_MEMORY_MB


def memory_of(folder: Path, names: Sequence[str]) -> float:
    """Return the memory in MB of a process of its own that has loaded these."""
    command = [sys.executable, "-m", "benchmarks.chain_parity", "--data", str(folder), "--memory", *names]
    return float(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=PROJECT).stdout.split()[-1])


def print_memory(folder: Path, names: Sequence[str]) -> int:
    """Load the models of a folder and print the memory of this process that is its own."""
    load = model_loader(folder, cores=Cores(available_cores()))
    loaded = [load(name) for name in names]
    status = Path("/proc/self/status").read_text(encoding="ascii")
    pages = next(line for line in status.splitlines() if line.startswith("RssAnon"))
    print(int(pages.split()[1]) * 1024 / 1e6 if loaded else 0.0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
