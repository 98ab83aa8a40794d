"""`make train DATA=folder NAME=mine`: a model of one's own, from a folder with photographs for each label."""

import argparse
import re
import sys
from pathlib import Path

from api.commands.progress import ProgressBar
from api.images.limits import ImageLimits
from api.models.errors import ModelError
from api.settings import Settings, SettingsError
from api.training.backbones import BACKBONES
from api.training.command_line import command_line
from api.training.dataset import Refused, read_dataset
from api.training.errors import TrainingError
from api.training.pictures import CELL, LARGEST
from api.training.progress import Stopped
from api.training.report.page import write_report
from api.training.report.terminal import summary
from api.training.train import Wish, train

NAME = re.compile(r"\w[\w-]*")
SHOWN = 10  # of what is left out
INTERRUPTED = 130


def main(arguments: list[str]) -> int:
    """Train; returns the exit status."""
    asked = _parse(arguments)
    bar = ProgressBar()
    try:
        settings = Settings.from_environment()
        wish = Wish(backbone=asked.backbone, epochs=asked.epochs, side=asked.size, seed=asked.seed)
        limits = ImageLimits(max_megapixels=settings.max_megapixels)
        with bar.listening():
            run = train(
                read_dataset(asked.data),
                asked.name,
                settings.weights_dir,
                wish,
                limits=limits,
                threads=settings.threads,
                progress=bar,
                command=_command_line(asked),
            )
        report = settings.weights_dir / f"{run.name}.report.html"
        write_report(run, report)
    except Stopped as stopped:
        sys.stderr.write(f"{stopped} The same command goes on from here.\n")
        return INTERRUPTED
    except (TrainingError, ModelError, OSError, SettingsError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{_describe_refused(run.refused)}{summary(run)}\nWritten into {settings.weights_dir}: ")
    sys.stdout.write(f"{run.name}.safetensors, {run.name}.torchvision.toml, {report.name}, {run.name}.training/\n")
    return 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m api.commands.train", description=__doc__)
    parser.add_argument("data", type=Path, help="the folder with the photographs")
    parser.add_argument("name", type=_name, help="what the model is to be called")
    parser.add_argument("--backbone", choices=BACKBONES, default=BACKBONES[0], help="the network that it begins with")
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
    if not text.isdecimal() or int(text) % CELL or not CELL <= int(text) <= 2 * LARGEST:
        raise argparse.ArgumentTypeError(f"{text!r} is no multiple of {CELL} from {CELL} to {2 * LARGEST}")
    return int(text)


def _command_line(asked: argparse.Namespace) -> str:
    """Return what makes the same model again."""
    return command_line(
        "train",
        DATA=str(asked.data),
        NAME=asked.name,
        BACKBONE=asked.backbone if asked.backbone != BACKBONES[0] else "",
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
