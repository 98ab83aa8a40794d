"""`make detect IMAGE=photo.jpg`: look at one file, write the drawn picture beside it, print what was found."""

import sys
from pathlib import Path

from api.app import default_options
from api.commands.progress import show_progress
from api.errors import ApiError
from api.images.limits import ImageLimits
from api.models.engines.cores import Cores
from api.models.errors import ModelError
from api.models.load import load_model
from api.settings import Settings, SettingsError
from api.tasks.registry import TASKS
from api.work.run_image import ImageRequest, run_image


def main(arguments: list[str]) -> int:
    """Run on the file named; returns the exit status."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m api.commands.detect_file PHOTO\n")
        return 2
    show_progress()
    source = Path(arguments[0])
    try:
        settings = Settings.from_environment()
        model = load_model(settings.served[0], settings.weights_dir, settings.run_options, Cores(settings.threads))
        task = TASKS[model.card.task]
        limits = ImageLimits(max_megapixels=settings.max_megapixels)
        request = ImageRequest(source.read_bytes())
        outcome = run_image(request, model, default_options(settings)[task.name], limits)
    except (ApiError, ModelError, OSError, SettingsError) as error:
        sys.stderr.write(f"{source}: {error}\n")
        return 1
    target = source.with_name(f"{source.stem}-detected.jpg")
    target.write_bytes(outcome.jpeg)
    lines = task.to_text(outcome.result)
    sys.stdout.write(f"{lines}{lines.count(chr(10))} found by {model.card.name}; the picture is {target}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
