"""How quickly a worker gets through a video, beside its model alone on the same frames and the same threads: a table.

    python -m benchmarks.video_speed [--models yolov3-tiny ...] [--weights FOLDER]
        [--every 5 25] [--rounds 5] [--video FILE]

What a worker does to a video is read it, look at some frames, draw all of them, and write the drawn video. The rounds
alternate. A row tells the medians of the analysed frames a second, and that of the ratios.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from api.jobs.folder import JobFolder
from api.jobs.open_videos import FramesFrom
from api.jobs.video_chunk import Asked, ChunkWork
from api.models.engines.cores import Cores
from api.models.load import load_model
from api.models.model import Model
from api.settings import available_cores
from api.tasks.registry import TASKS
from api.video.limits import VideoLimits
from api.video.probe import probe_video
from api.video.read import BEFORE_ALL, FrameReader
from harness.gunicorn_server import PROJECT
from harness.real_models import real_model

LIMITS = VideoLimits()
ENDLESS_S = 1e6  # one chunk for all


def main() -> None:
    """Print the rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", nargs="+", default=["yolov3-tiny"])
    parser.add_argument("--weights", type=Path, default=PROJECT / "weights", help="where they are; see model_files.py")
    parser.add_argument("--every", nargs="+", type=float, default=[5.0, 25.0], help="frames that are analysed a second")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--video", type=Path, help="the tests' bikes.mp4 if left out")
    arguments = parser.parse_args()
    video = arguments.video or real_model("bikes") / "bikes.mp4"
    cores = Cores(max(1, available_cores() // 2))  # as api/worker.py has it
    print(f"{video.name}, {cores.threads} of {available_cores()} threads")
    print("| model | analysed a second of video | alone, frames/s | worker, frames/s | ratio |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name in arguments.models:
        model = load_model(name, arguments.weights, cores=cores)
        for every in arguments.every:
            turns = list(measure(model, video, every, arguments.rounds))
            ratio = statistics.median(worker / alone for alone, worker in turns)
            alone, worker = (statistics.median(column) for column in zip(*turns, strict=True))
            print(f"| {name} | {every:g} | {alone:.1f} | {worker:.1f} | {ratio:.2f} |", flush=True)


def measure(model: Model, path: Path, every: float, rounds: int) -> Iterator[tuple[float, float]]:
    """Give the frames a second of the model alone and of the whole work, once for each round."""
    video = probe_video(path, LIMITS)
    with FrameReader(path, video, LIMITS, every=every, only_analysed=True) as reader:
        frames = [frame.pixels for frame in reader]
    options = TASKS[model.card.task].options()
    for _ in range(rounds):
        began = time.perf_counter()
        for pixels in frames:
            model.run(pixels, options)
        alone = len(frames) / (time.perf_counter() - began)
        with tempfile.TemporaryDirectory() as folder:
            work = ChunkWork(Asked(model, options, True, None), video, JobFolder(Path(folder)), ENDLESS_S)
            began = time.perf_counter()
            with FrameReader(path, video, LIMITS, every=every) as reader:
                done = work.run(FramesFrom(reader, BEFORE_ALL), Path(folder) / "drawn.mp4", lambda _chunk: True)
            yield alone, len(done.found) / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
