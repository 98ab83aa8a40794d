"""`make check-model MODEL=name`: read a model's files and say what is right and what is wrong.

What it says is all that somebody else needs to know who is asked about the model, and nothing of its owner.
"""

import sys
from importlib import import_module
from pathlib import Path

from api.app import default_options
from api.commands.card_text import describe_card
from api.commands.found_text import found_text
from api.commands.here import describe_here, describe_run
from api.commands.progress import show_progress
from api.errors import ApiError
from api.images.limits import ImageLimits
from api.models.engines.cores import Cores
from api.models.errors import ModelError
from api.models.findings import Finding, Level
from api.models.formats import find_format
from api.models.load import load_model
from api.models.model import Model
from api.settings import Settings, SettingsError
from api.work.run_image import ImageRequest, run_image

MARKS = {Level.WRONG: "WRONG", Level.ODD: "odd  ", Level.RIGHT: "ok   "}  # the worst first


def main(arguments: list[str]) -> int:
    """Check each model of the settings; `arguments` may name a photograph. Returns 0 if all would serve, else 1."""
    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    show_progress()
    photograph = Path(arguments[0]) if arguments else None
    return max([_check(name, settings, photograph) for name in settings.served])


def _check(name: str, settings: Settings, photograph: Path | None) -> int:
    folder = settings.weights_dir
    reader = import_module(find_format(name, folder).reader)
    findings = list(reader.check(name, folder))
    model = None
    if not any(finding.level is Level.WRONG for finding in findings):
        try:
            model = load_model(name, folder, settings.run_options, Cores(settings.threads))
        except ModelError as error:
            findings.append(Finding(Level.WRONG, str(error)))
    for mark in MARKS:
        sys.stdout.writelines(f"{MARKS[mark]} {one.text}\n" for one in findings if one.level is mark)
    if model:
        for part in (describe_card(model.card), reader.describe(name, folder), describe_run(model)):
            sys.stdout.write(f"\n{part}" if part else "")
    sys.stdout.write(f"\n{describe_here(settings)}\n")
    if model and photograph:
        sys.stdout.write(_show_result(model, settings, photograph))
    sys.stdout.write(f"{name} is ready to serve.\n" if model else f"{name} cannot serve.\n")
    return 0 if model else 1


def _show_result(model: Model, settings: Settings, photograph: Path) -> str:
    """Draw what the model finds in a photograph into `NAME-check.jpg` beside the weights; returns what to say of it."""
    options = default_options(settings)[model.card.task]
    limits = ImageLimits(max_megapixels=settings.max_megapixels)
    try:
        outcome = run_image(ImageRequest(photograph.read_bytes()), model, options, limits)
    except (ApiError, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        return f"{photograph.name} cannot be shown to the model: {reason}\n"
    target = settings.weights_dir / f"{model.card.name}-check.jpg"
    target.write_bytes(outcome.jpeg)
    found = found_text(outcome, model.card.task) or "nothing\n"
    return f"In {photograph.name} it finds:\n{found}The picture is {target.name} beside the model's files.\n\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
