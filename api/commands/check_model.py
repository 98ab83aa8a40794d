"""`make check-model MODEL=name`: read a model's files and say what is right and what is wrong."""

import sys
from pathlib import Path

from api.app import default_options
from api.errors import ApiError
from api.images.limits import ImageLimits
from api.models.darknet.check import Costs, Level, check_model, measure_costs
from api.models.darknet.files import ModelFiles
from api.models.darknet.network import read_network
from api.models.engines.cores import Cores
from api.models.errors import ModelError
from api.models.formats import OPENVINO, find_format, require_model
from api.models.load import load_model
from api.settings import Settings, SettingsError
from api.tasks.registry import TASKS
from api.work.run_image import ImageRequest, run_image

MARKS = {Level.RIGHT: "ok   ", Level.ODD: "odd  ", Level.WRONG: "WRONG"}


def main(arguments: list[str]) -> int:
    """Check each model of the settings; `arguments` may name a photograph. Returns 0 if all would serve, else 1."""
    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    photograph = Path(arguments[0]) if arguments else None
    return max([_check(name, settings, photograph) for name in settings.served])


def _check(name: str, settings: Settings, photograph: Path | None) -> int:
    is_graph = find_format(name, settings.weights_dir) is OPENVINO
    return (_check_graph if is_graph else _check_darknet)(name, settings, photograph)


def _check_graph(name: str, settings: Settings, photograph: Path | None) -> int:
    """Check a model in OpenVINO's format, such as `make quantize` writes, by loading it."""
    try:
        require_model(name, settings.weights_dir)
        model = load_model(name, settings.weights_dir, settings.run_options, Cores(settings.threads))
    except ModelError as error:
        sys.stdout.write(f"{MARKS[Level.WRONG]} {error}\n{name} cannot serve.\n")
        return 1
    for line in (f"{len(model.card.labels)} labels", model.describe(), *model.card.reasons.values()):
        sys.stdout.write(f"{MARKS[Level.RIGHT]} {line}\n")
    if photograph:
        sys.stdout.write(_show_result(name, settings, photograph))
    sys.stdout.write(f"{name} is ready to serve.\n")
    return 0


def _check_darknet(name: str, settings: Settings, photograph: Path | None) -> int:
    is_wrong = False
    for finding in check_model(name, settings.weights_dir):
        sys.stdout.write(f"{MARKS[finding.level]} {finding.text}\n")
        is_wrong = is_wrong or finding.level is Level.WRONG
    if is_wrong:
        sys.stdout.write(f"{name} cannot serve.\n")
        return 1
    sys.stdout.write(format_costs(measure_costs(read_network(ModelFiles(name, settings.weights_dir).cfg))))
    if photograph:
        sys.stdout.write(_show_result(name, settings, photograph))
    sys.stdout.write(f"{name} is ready to serve.\n")
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


def _show_result(name: str, settings: Settings, photograph: Path) -> str:
    """Draw what the model finds in a photograph into `NAME-check.jpg` beside the weights; returns what to say of it."""
    model = load_model(name, settings.weights_dir, settings.run_options, Cores(settings.threads))
    options = default_options(settings)[model.card.task]
    limits = ImageLimits(max_megapixels=settings.max_megapixels)
    try:
        outcome = run_image(ImageRequest(photograph.read_bytes()), model, options, limits)
    except (ApiError, OSError) as error:
        return f"{photograph} cannot be shown to the model: {error}\n"
    target = settings.weights_dir / f"{name}-check.jpg"
    target.write_bytes(outcome.jpeg)
    found = TASKS[model.card.task].to_text(outcome.result) or "nothing\n"
    return f"In {photograph} it finds:\n{found}The picture is {target}\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
