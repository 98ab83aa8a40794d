"""`make detect IMAGE=photo.jpg ASK="blur=faces"`: look at one file, draw beside it and print what was found.

`ASK` are options of the model's task, as a form has them, with spaces between.
"""

import sys
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from api.app import default_options
from api.commands.found_text import found_text
from api.commands.progress import show_progress
from api.errors import ApiError, BadRequest
from api.images.limits import ImageLimits
from api.models.engines.cores import Cores
from api.models.errors import ModelError
from api.models.load import load_model
from api.settings import Settings, SettingsError
from api.tasks.options import Reader
from api.tasks.registry import TASKS
from api.work.run_image import ImageRequest, run_image


def main(arguments: list[str]) -> int:
    """Run on the file named; the other arguments are options. Returns the exit status."""
    if not arguments or not all("=" in words for words in arguments[1:]):
        sys.stderr.write("usage: python -m api.commands.detect_file PHOTO [OPTION=VALUE ...]\n")
        return 2
    show_progress()
    source = Path(arguments[0])
    try:
        settings = Settings.from_environment()
        model = load_model(settings.served[0], settings.weights_dir, settings.run_options, Cores(settings.threads))
        task = TASKS[model.card.task]
        limits = ImageLimits(max_megapixels=settings.max_megapixels)
        options = _read_options(arguments[1:], default_options(settings)[task.name])
        task.check(options, model.card.labels)
        outcome = run_image(ImageRequest(source.read_bytes()), model, options, limits)
    except (ApiError, ModelError, OSError, SettingsError) as error:
        sys.stderr.write(f"{source}: {error}\n")
        return 1
    target = source.with_name(f"{source.stem}-detected.jpg")
    target.write_bytes(outcome.jpeg)
    lines = found_text(outcome, task.name)
    found = 0 if outcome.stopped else lines.count("\n")
    sys.stdout.write(f"{lines}{found} found by {model.card.name}; the picture is {target}\n")
    return 0


def _read_options(arguments: Sequence[str], defaults: Any) -> Any:
    """Return the options that "name=value" arguments say. Raises BadRequest."""
    readers: dict[str, Reader] = {field.name: field.metadata["reader"] for field in fields(defaults)}
    values = {}
    for name, _, text in (words.partition("=") for words in arguments):
        if name not in readers:
            raise BadRequest(f"There is no option {name!r} for this model; there are {', '.join(readers)}.")
        try:
            values[name] = readers[name].read(text)
        except ValueError as error:
            raise BadRequest(f"{name} must be {readers[name].expected}, not {text!r}.") from error
    return replace(defaults, **values)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
