"""`make detect IMAGE=photo.jpg`: detect in one file, write the drawn picture beside it, print what was found."""

import sys
from pathlib import Path

from api.errors import ApiError
from api.images.decode import decode_image
from api.images.encode import encode_jpeg
from api.images.limits import ImageLimits
from api.models.darknet.detector import Detector
from api.models.errors import ModelError
from api.settings import Settings, SettingsError
from api.tasks.detection.draw import draw_detections
from api.tasks.detection.types import Detection, Thresholds


def main(arguments: list[str]) -> int:
    """Run on the file named; returns the exit status."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m api.commands.detect_file PHOTO\n")
        return 2
    source = Path(arguments[0])
    try:
        settings = Settings.from_environment()
        data = source.read_bytes()
        image = decode_image(data, orientation=None, limits=ImageLimits(max_megapixels=settings.max_megapixels)).pixels
        detector = Detector.load(settings.model, settings.weights_dir, settings.run_options)
    except (ApiError, ModelError, OSError, SettingsError) as error:
        sys.stderr.write(f"{source}: {error}\n")
        return 1
    thresholds = Thresholds(confidence=settings.confidence, iou=settings.iou)
    detections = detector.detect(image, thresholds).detections
    target = source.with_name(f"{source.stem}-detected.jpg")
    target.write_bytes(encode_jpeg(draw_detections(image, detections)))
    sys.stdout.write(format_table(detections))
    sys.stdout.write(f"{len(detections)} found by {detector.name}; the picture is {target}\n")
    return 0


def format_table(detections: list[Detection]) -> str:
    """Return a line for each detection: confidence, label, and the box's corners in pixels."""
    lines = []
    for found in detections:
        corners = (found.box.x1, found.box.y1, found.box.x2, found.box.y2)
        lines.append(
            f"{found.confidence:6.1%}  {found.label:<16}" + " ".join(f"{edge:7.1f}" for edge in corners) + "\n"
        )
    return "".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
