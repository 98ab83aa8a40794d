"""`make clean-data DATA=folder NAME=mine`: open a page on this machine that corrects the labels of photographs.

With MODEL=name it corrects boxes: the model's are a beginning.
"""

import argparse
import sys
from pathlib import Path
from threading import Lock
from typing import Any

from api.app import default_options
from api.cleaning.app import create_cleaning_app
from api.cleaning.box_routes import Find, create_box_routes
from api.cleaning.boxes import FILE, Boxes
from api.cleaning.corrections import Corrections, read_folder
from api.cleaning.label_routes import create_label_routes
from api.cleaning.questions import Questions, ask
from api.cleaning.serve import Create, serve
from api.commands.progress import show_progress
from api.images.limits import ImageLimits
from api.models.engines.cores import Cores
from api.models.errors import ModelError
from api.models.load import load_model
from api.models.model import Model
from api.settings import PROJECT, Settings, SettingsError
from api.training.dataset import Dataset
from api.training.detection.dataset import holds_boxes
from api.training.errors import DataError, TrainingError
from api.training.run import Run
from api.work.image_answer import image_answer
from api.work.run_image import ImageRequest, run_image

DETECTION = "detection"
PAGE = PROJECT / "site" / "clean" / "dist"


def main(arguments: list[str]) -> int:
    """Serve the page until Ctrl+C; returns the exit status."""
    asked = _parse(arguments)
    show_progress()
    try:
        settings = Settings.from_environment()
        if asked.boxes or (asked.name is None and asked.data.is_dir() and holds_boxes(asked.data)):
            create = _clean_boxes(asked.data, settings if asked.boxes else None)
        else:
            create = _clean_labels(asked.data, asked.name, settings.weights_dir)
        serve(create, asked.port, announce=_announce, is_opened=asked.open)
    except (ModelError, OSError, TrainingError, SettingsError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stderr.write("\nStopped. All that was decided is in the folder; the same command goes on.\n")
    return 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m api.commands.clean_data", description="correct a data folder")
    parser.add_argument("data", type=Path, help="the folder of photographs")
    parser.add_argument("name", nargs="?", help="the training whose doubts are shown")
    parser.add_argument("--boxes", action="store_true", help="correct boxes, beginning with those of the model served")
    parser.add_argument("--port", type=int, default=0, help="where to listen; 0: any port that is free")
    parser.add_argument("--no-open", dest="open", action="store_false", help="open no browser")
    return parser.parse_args(arguments)


def _clean_labels(data: Path, name: str | None, weights_dir: Path) -> Create:
    """Return what makes the application. Raises TrainingError."""
    dataset = read_folder(data)
    corrections = Corrections(dataset)
    questions = _ask(name, weights_dir, corrections) if name else None
    sys.stdout.write(_describe(dataset, questions))
    routes = create_label_routes(corrections, questions, dataset.refused)
    return lambda token: create_cleaning_app(routes, corrections.read, page=PAGE, token=token)


def _clean_boxes(data: Path, settings: Settings | None) -> Create:
    """Return what makes the application, with the model of the settings if there are any.

    Raises ModelError, TrainingError.
    """
    model = _load(settings) if settings else None
    boxes = Boxes(data, model.card.labels if model else ())
    sys.stdout.write(f"{data}: {len(boxes.names)} photographs; the boxes of {len(boxes.done)} are in {FILE}\n")
    find = _asking(model, settings) if model and settings else None
    routes = create_box_routes(boxes, find, model.card.name if model else None)
    return lambda token: create_cleaning_app(routes, boxes.read, page=PAGE, token=token)


def _load(settings: Settings) -> Model:
    model = load_model(settings.served[0], settings.weights_dir, settings.run_options, Cores(settings.threads))
    if model.card.task != DETECTION:
        raise ModelError(f"{model.card.name} is for {model.card.task}; boxes are what a model of {DETECTION} finds")
    return model


def _asking(model: Model, settings: Settings) -> Find:
    """Return what finds what `POST /v1/detect` would: one photograph at a time, as all cores take part."""
    options = default_options(settings)[DETECTION]
    limits = ImageLimits(max_megapixels=settings.max_megapixels)
    turn = Lock()

    def find(data: bytes, name: str) -> dict[str, Any]:
        with turn:
            outcome = run_image(ImageRequest(data, annotate=False), model, options, limits)
        return image_answer(outcome, model.card, name=name, queue_ms=0.0, request_id="")

    return find


def _ask(name: str, weights_dir: Path, corrections: Corrections) -> Questions:
    run = Run.load(weights_dir / f"{name}.training")
    questions = ask(run, corrections)
    if not questions.known:
        raise DataError(f"{name} did not learn from {corrections.folder}, but from {run.data}")
    return questions


def _describe(dataset: Dataset, questions: Questions | None) -> str:
    labels = "1 label" if len(dataset.labels) == 1 else f"{len(dataset.labels)} labels"
    counts = f"{dataset.folder}: {len(dataset.photographs)} photographs with {labels}"
    refused = f"; {len(dataset.refused)} files are left out" if dataset.refused else ""
    if questions is None:
        return f"{counts}{refused}. Without NAME=model all of them are shown, in order.\n"
    doubts = f"{len(questions.doubts)} labels are likely wrong, and {len(questions.pairs)} pairs nearly the same"
    return f"{counts}{refused}. By the training of {questions.name}, {doubts}.\n"


def _announce(address: str) -> None:
    sys.stdout.write(f"Open {address} (this machine alone; Ctrl+C stops it)\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
