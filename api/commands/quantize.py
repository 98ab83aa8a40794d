"""`make quantize MODEL=name DATA=folder`: write name-int8, which computes in int8, and say how far it agrees."""

import sys
from pathlib import Path

from api.commands.photographs import Photographs, find_photographs
from api.commands.progress import show_progress
from api.images.limits import ImageLimits
from api.models.engines.cores import Cores
from api.models.errors import ModelError
from api.models.quantized.quantize import HELD_OUT, LEAST_AGREEMENT, Quantized, quantize_model
from api.settings import Settings, SettingsError

MOST_PHOTOGRAPHS = 450  # more take longer and change nothing


def main(arguments: list[str]) -> int:
    """Quantize each model of the settings with the photographs of a folder; returns the exit status."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m api.commands.quantize FOLDER\n")
        return 2
    show_progress()
    folder = Path(arguments[0])
    if not folder.is_dir():
        sys.stderr.write(f"{folder} is not a folder\n")
        return 1
    try:
        settings = Settings.from_environment()
        limits = ImageLimits(max_megapixels=settings.max_megapixels)
        paths = find_photographs(folder, MOST_PHOTOGRAPHS)
        for name in settings.served:
            calibration = [path for number, path in enumerate(paths, start=1) if number % HELD_OUT]
            photographs = (
                Photographs(calibration, limits, f"{name}: calibrating"),
                Photographs(paths[HELD_OUT - 1 :: HELD_OUT], limits, f"{name}: comparing with float32"),
            )
            cores = Cores(settings.threads)
            done = quantize_model(name, settings.weights_dir, photographs, settings.run_options, cores)
            sys.stdout.write(_describe(name, done))
    except (ModelError, OSError, SettingsError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _describe(name: str, done: Quantized) -> str:
    return (
        f"{done.files.name} agrees with {name} in float32 by {done.agreement.share:.3f}; 1 is all, and"
        f" {LEAST_AGREEMENT} is just enough. Compared were {done.agreement.found} things that {name} finds in"
        f" {done.held_out} photographs; {done.calibrated_on} others were used to calibrate.\n"
        f"Written: {done.files.graph}, {done.files.weights.name} and {done.files.card.name}\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
