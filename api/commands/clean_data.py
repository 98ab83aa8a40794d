"""`make clean-data DATA=folder NAME=mine`: open a page on this machine that corrects the labels of photographs."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from api.cleaning.app import create_cleaning_app
from api.cleaning.corrections import Corrections
from api.cleaning.label_routes import create_label_routes
from api.cleaning.questions import Questions, ask
from api.cleaning.serve import serve
from api.commands.progress import show_progress
from api.settings import PROJECT, Settings, SettingsError
from api.training.dataset import Dataset, read_dataset
from api.training.errors import DataError, TrainingError
from api.training.run import Run

PAGE = PROJECT / "site" / "clean" / "dist"


def main(arguments: list[str]) -> int:
    """Serve the page until Ctrl+C; returns the exit status."""
    asked = _parse(arguments)
    show_progress()
    try:
        settings = Settings.from_environment()
        create = _clean_labels(asked.data, asked.name, settings.weights_dir)
        serve(create, asked.port, announce=_announce, is_opened=asked.open)
    except (TrainingError, SettingsError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"port {asked.port} cannot be had: {error.strerror}; PORT=0 takes any that is free\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. All that was decided is in the folder; the same command goes on.\n")
    return 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m api.commands.clean_data", description="correct a data folder")
    parser.add_argument("data", type=Path, help="the folder of photographs")
    parser.add_argument("name", nargs="?", help="the training whose doubts are shown")
    parser.add_argument("--port", type=int, default=0, help="where to listen; 0: any port that is free")
    parser.add_argument("--no-open", dest="open", action="store_false", help="open no browser")
    return parser.parse_args(arguments)


def _clean_labels(data: Path, name: str | None, weights_dir: Path) -> Callable[[str], Flask]:
    """Return what makes the application. Raises TrainingError."""
    dataset = read_dataset(data)
    corrections = Corrections(dataset)
    questions = _ask(name, weights_dir, corrections) if name else None
    sys.stdout.write(_describe(dataset, questions))
    routes = create_label_routes(corrections, questions, dataset.refused)
    return lambda token: create_cleaning_app(routes, corrections.path_of, page=PAGE, token=token)


def _ask(name: str, weights_dir: Path, corrections: Corrections) -> Questions:
    run = Run.load(weights_dir / f"{name}.training")
    questions = ask(run, corrections)
    if not questions.known:
        raise DataError(f"{name} did not learn from {corrections.folder}, but from {run.data}")
    return questions


def _describe(dataset: Dataset, questions: Questions | None) -> str:
    counts = f"{dataset.folder}: {len(dataset.photographs)} photographs with {len(dataset.labels)} labels"
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
