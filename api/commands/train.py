"""`make train DATA=folder NAME=mine`: a model of one's own, from photographs with labels or with boxes."""

import argparse
import re
import sys
from pathlib import Path

from api.commands.progress import ProgressBar
from api.commands.train_boxes import train_boxes
from api.images.limits import ImageLimits
from api.models.errors import ModelError
from api.settings import Settings, SettingsError
from api.training.backbones import BACKBONES
from api.training.command_line import command_line
from api.training.dataset import Refused, read_dataset
from api.training.defaults import CLASSIFIER, is_for_detector
from api.training.detection.networks import BUILDERS
from api.training.errors import TrainingError
from api.training.pictures import CELL, LARGEST
from api.training.progress import Progress, Stopped
from api.training.report.page import write_report
from api.training.report.terminal import summary
from api.training.train import Wish, train

NAME = re.compile(r"\w[\w-]*")
SHOWN = 10  # of what is left out
INTERRUPTED = 130
MOST_SIDE = 1344  # of a detector's input


def main(arguments: list[str]) -> int:
    """Train; returns the exit status."""
    asked = _parse(arguments)
    bar = ProgressBar()
    try:
        settings = Settings.from_environment()
        with bar.listening():
            said = (train_boxes if is_for_detector(asked.data) else _train_labels)(asked, settings, bar)
    except Stopped as stopped:
        sys.stderr.write(f"{stopped} The same command goes on from here.\n")
        return INTERRUPTED
    except KeyboardInterrupt:
        return INTERRUPTED
    except (TrainingError, ModelError, OSError, SettingsError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(said)
    return 0


def _train_labels(asked: argparse.Namespace, settings: Settings, progress: Progress) -> str:
    """Train a classifier; returns what came of it, in words. Raises TrainingError."""
    if asked.backbone not in (None, *BACKBONES):
        raise TrainingError(f"{asked.backbone} is for photographs with boxes; here it is one of {', '.join(BACKBONES)}")
    if asked.size and asked.size > 2 * LARGEST:
        raise TrainingError(f"a side of {asked.size} is for photographs with boxes; here it is {2 * LARGEST} at most")
    run = train(
        read_dataset(asked.data),
        asked.name,
        settings.weights_dir,
        Wish(backbone=asked.backbone or CLASSIFIER, epochs=asked.epochs, side=asked.size, seed=asked.seed),
        limits=ImageLimits(max_megapixels=settings.max_megapixels),
        threads=settings.threads,
        progress=progress,
        command=_command_line(asked),
    )
    report = settings.weights_dir / f"{run.name}.report.html"
    write_report(run, report)
    return (
        f"{_describe_refused(run.refused)}{summary(run)}\nWritten into {settings.weights_dir}: {run.name}.safetensors,"
        f" {run.name}.torchvision.toml, {report.name}, {run.name}.training/\n"
    )


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m api.commands.train", description=__doc__)
    parser.add_argument("data", type=Path, help="the folder with the photographs")
    parser.add_argument("name", type=_name, help="what the model is to be called")
    parser.add_argument("--backbone", choices=(*BACKBONES, *BUILDERS), help="the network that it begins with")
    parser.add_argument("--epochs", type=_count, help="how often all layers see each photograph")
    parser.add_argument("--size", type=_side, help="the side of the network's input, in pixels")
    parser.add_argument("--seed", type=int, default=0, help="another one splits and shuffles otherwise")
    return parser.parse_args(arguments)


def _name(text: str) -> str:
    if not NAME.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no name such as mine: letters, digits, - and _ are expected")
    return text


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to 1000")
    return int(text)


def _side(text: str) -> int:
    if not text.isdecimal() or int(text) % CELL or int(text) not in range(CELL, MOST_SIDE + 1):
        raise argparse.ArgumentTypeError(f"{text!r} is no multiple of {CELL} from {CELL} to {MOST_SIDE}")
    return int(text)


def _command_line(asked: argparse.Namespace) -> str:
    """Return what makes the same model again."""
    return command_line(
        "train",
        DATA=str(asked.data),
        NAME=asked.name,
        BACKBONE=asked.backbone if asked.backbone not in (None, CLASSIFIER) else "",
        EPOCHS=str(asked.epochs or ""),
        SIZE=str(asked.size or ""),
        SEED=str(asked.seed or ""),
    )


def _describe_refused(refused: tuple[Refused, ...]) -> str:
    lines = [f"left out: {one.name}: {one.reason}" for one in refused[:SHOWN]]
    lines += [f"left out: {len(refused) - SHOWN} more"] if len(refused) > SHOWN else []
    return "".join(f"{line}\n" for line in lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
