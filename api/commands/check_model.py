"""`make check-model MODEL=name`: read a model's three files and tell a person what is right and what is wrong."""

import sys
from pathlib import Path

from api.errors import ApiError
from api.images.decode import decode_image
from api.images.encode import encode_jpeg
from api.images.limits import ImageLimits
from api.models.darknet.check import Costs, Level, check_model, measure_costs
from api.models.darknet.detector import Detector
from api.models.darknet.files import ModelFiles
from api.models.darknet.network import read_network
from api.settings import Settings, SettingsError
from api.tasks.detection.draw import draw_detections
from api.tasks.detection.types import Thresholds

MARKS = {Level.RIGHT: "ok   ", Level.ODD: "odd  ", Level.WRONG: "WRONG"}


def main(arguments: list[str]) -> int:
    """Check the model of the settings; `arguments` may name a photograph. Returns 0 when it would serve, else 1."""
    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    findings = []
    for finding in check_model(settings.model, settings.weights_dir):
        sys.stdout.write(f"{MARKS[finding.level]} {finding.text}\n")
        findings.append(finding)
    if any(finding.level is Level.WRONG for finding in findings):
        sys.stdout.write(f"{settings.model} cannot serve.\n")
        return 1
    costs = measure_costs(read_network(ModelFiles(settings.model, settings.weights_dir).cfg))
    sys.stdout.write(format_costs(costs))
    if arguments:
        sys.stdout.write(_show_detections(settings, Path(arguments[0])))
    sys.stdout.write(f"{settings.model} is ready to serve.\n")
    return 0


def format_costs(costs: Costs) -> str:
    """Return a table of the layers with a summary line."""
    rows = ["\nlayer  kind           kernel                    output     parameters   GFLOPs"]
    for layer in costs.layers:
        channels, height, width = layer.output_shape
        output = f"{width} x {height} x {channels}"
        numbers = f"{layer.parameters:>14,} {layer.operations / 1e9:8.3f}" if layer.parameters else ""
        rows.append(f"{layer.index:5}  {layer.kind:<14} {layer.detail:<14} {output:>17} {numbers}".rstrip())
    rows.append(
        f"\n{costs.parameters:,} parameters, {costs.operations / 1e9:.2f} GFLOPs an image;"
        f" {costs.weight_bytes / 1e6:.0f} MB of weights and up to {costs.activation_bytes / 1e6:.0f} MB of activations"
        " in float32\n"
    )
    return "\n".join(rows)


def _show_detections(settings: Settings, photograph: Path) -> str:
    """Draw what the model finds in a photograph into `NAME-check.jpg` beside the weights; returns what to say of it."""
    try:
        limits = ImageLimits(max_megapixels=settings.max_megapixels)
        image = decode_image(photograph.read_bytes(), orientation=None, limits=limits).pixels
    except (ApiError, OSError) as error:
        return f"{photograph} cannot be shown to the model: {error}\n"
    detector = Detector.load(settings.model, settings.weights_dir, settings.run_options)
    thresholds = Thresholds(confidence=settings.confidence, iou=settings.iou)
    detections = detector.detect(image, thresholds).detections
    target = settings.weights_dir / f"{settings.model}-check.jpg"
    target.write_bytes(encode_jpeg(draw_detections(image, detections)))
    found = ", ".join(f"{one.label} {one.confidence:.0%}" for one in detections) or "nothing"
    return f"In {photograph} it finds: {found}. The picture is {target}\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
