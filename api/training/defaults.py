"""Which network a training begins with, if its owner names none. Loads no torch."""

from pathlib import Path

from api.training.detection.dataset import holds_boxes
from api.training.errors import DataError

CLASSIFIER = "mobilenet_v2"
DETECTOR = "ssdlite320_mobilenet_v3_large"


def is_for_detector(folder: Path) -> bool:
    """Return whether photographs in a folder have boxes. Raises DataError."""
    if not folder.is_dir():
        raise DataError(f"{folder} is no folder: a folder with photographs is expected")
    try:
        return holds_boxes(folder)
    except OSError as error:
        raise DataError(f"{folder} cannot be read: {error.strerror}: {error.filename}") from error


def choose_network(folder: Path) -> str:
    """Return the name of the network that suits a folder. Raises DataError."""
    return DETECTOR if is_for_detector(folder) else CLASSIFIER
