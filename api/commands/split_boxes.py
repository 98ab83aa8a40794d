"""`make split-boxes DATA=folder TO=new-folder`: photographs with boxes as other programs want them to learn from."""

import sys
from pathlib import Path

from api.commands.progress import ProgressBar
from api.images.limits import ImageLimits
from api.settings import Settings, SettingsError
from api.training.detection.dataset import read_boxes
from api.training.detection.layouts import write_layout
from api.training.errors import TrainingError


def main(arguments: list[str]) -> int:
    """Write the folder; returns the exit status."""
    if len(arguments) != 2:
        sys.stderr.write("usage: python -m api.commands.split_boxes FOLDER NEW_FOLDER\n")
        return 2
    data, target = map(Path, arguments)
    bar = ProgressBar()
    try:
        limits = ImageLimits(max_megapixels=Settings.from_environment().max_megapixels)
        with bar.listening():
            dataset = read_boxes(data, limits, bar)
            for one in dataset.refused:
                bar.say(f"left out: {one.name}: {one.reason}")
            counts = write_layout(dataset, target, limits, bar)
    except (TrainingError, OSError, SettingsError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(
        f"Written: {target}, {counts['train']} photographs to learn from and {counts['val']} to measure with, of"
        f" {', '.join(dataset.labels)}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
