"""`make site-model MODEL=name`: write the model that the page itself runs on a visitor's device, if it finds the same.

The file and its card go into a folder, from which the page is built. Compared are the file, as onnxruntime computes it,
and the API's own engine in float32, with the options in force, on photographs. If they differ, nothing is written.
"""

import logging
import sys
from pathlib import Path

from api.app import default_options
from api.commands.photographs import Photographs, find_photographs
from api.commands.progress import show_progress
from api.images.limits import ImageLimits
from api.models.device.engine import OnnxRuntime
from api.models.device.export import MOST_BYTES, Attempt, attempt_export, limits_of
from api.models.device.files import write_files
from api.models.device.weights import Bits
from api.models.engines.cores import Cores
from api.models.errors import ModelError
from api.models.load import own_mb
from api.settings import Settings, SettingsError

MOST_PHOTOGRAPHS = 200
GAP = 3  # between columns
GOOD_MB = 4  # with the 4 MB of what computes it, a first visit fetches 8 MB


def main(arguments: list[str]) -> int:
    """Write the first model of the settings, compared on the photographs of a folder; returns the exit status."""
    if len(arguments) != 2:
        sys.stderr.write("usage: python -m api.commands.site_model PHOTOGRAPHS TARGET\n")
        return 2
    show_progress()
    logging.getLogger("api.commands.photographs").setLevel(logging.WARNING)  # a line for each attempt is enough
    photographs, target = map(Path, arguments)
    try:
        settings = Settings.from_environment()
        if len(settings.served) > 1:
            raise ModelError(f"the page computes one model; say which: MODEL={settings.served[0]}, or another")
        attempt = _choose(settings, _read(photographs, settings))
        path = write_files(attempt, default_options(settings)[attempt.card.task], target)
        sys.stdout.write(f"{_measure(attempt, settings)}Written: {path} and {target / 'model.json'}\n")
    except (ModelError, OSError, SettingsError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _read(folder: Path, settings: Settings) -> Photographs:
    """Return the photographs in a folder. Raises ModelError if there are none."""
    paths = find_photographs(folder, MOST_PHOTOGRAPHS) if folder.is_dir() else []
    if not paths:
        raise ModelError(
            f"there are no photographs in {folder} on which the file could be held to the API:"
            " scripts/download_examples.sh fetches some, or say DATA=folder"
        )
    return Photographs(paths, ImageLimits(max_megapixels=settings.max_megapixels), "comparing with the API")


def _choose(settings: Settings, photographs: Photographs) -> Attempt:
    """Return the first file that agrees with the API, and show all that were tried. Raises ModelError."""
    name, run = settings.served[0], (settings.run_options, Cores(settings.threads))
    sys.stdout.write(f"{name} by the page and by the API, the largest differences in {len(photographs)} photographs:\n")
    for number, last in enumerate(
        attempt_export(name, settings.weights_dir, photographs, default_options(settings), run)
    ):
        sys.stdout.write(_line(last) if number else f"{_head(last)}{_line(last)}")
        sys.stdout.flush()
    if not last.agrees():
        raise ModelError(f"{name} is not written: the page would find something else than the API")
    if len(last.packed) > MOST_BYTES:
        raise ModelError(
            f"{name} is not written: {len(last.packed) / 1e6:.0f} MB are too much for a visitor, and GitHub takes"
            f" {MOST_BYTES / 1e6:.0f}; a smaller model would do, such as yolox-nano (`make models`)"
        )
    return last


def _head(attempt: Attempt) -> str:
    """Return what differs, and by how much it may."""
    limits = limits_of(attempt.card)
    heads = "".join(f"{name:>{len(name) + GAP}}" for name in limits)
    most = "".join(f"{limit:>{len(name) + GAP}g}" for name, limit in limits.items())
    return f"{'weights':>9}{'MB':>9}{heads}\n{'at most':>9}{'':>9}{most}\n"


def _line(attempt: Attempt) -> str:
    """Return how large the file is, and by how much it differs."""
    stored = "float32" if attempt.bits is Bits.WHOLE else f"{attempt.bits} bits"
    found = "".join(f"{attempt.differences[name]:>{len(name) + GAP}.4f}" for name in limits_of(attempt.card))
    return f"{stored:>9}{len(attempt.packed) / 1e6:>9.2f}{found}\n"


def _measure(attempt: Attempt, settings: Settings) -> str:
    """Say how much there is to fetch, and how much memory it takes to compute here, if that is known."""
    before_mb, size = own_mb(), len(attempt.packed) / 1e6
    engine = OnnxRuntime(attempt.unpack(), settings.threads)
    engine.warm_up([attempt.card.input.size])
    memory_mb = own_mb() - before_mb
    advice = f"; beyond {GOOD_MB} MB a first visit is slow on the road" if size > GOOD_MB else ""
    memory = f" Memory to compute it: about {memory_mb:.0f} MB." if memory_mb > 0 else ""
    return f"{size:.2f} MB to fetch{advice}.{memory}\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
