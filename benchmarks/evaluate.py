"""`make evaluate DATA=folder`: the accuracy of the running configuration on photographs whose truth is known."""

import argparse
import json
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from api.models.device.files import read_engine
from api.models.engines.cores import Cores
from api.models.errors import ModelError
from api.models.load import load_model
from api.settings import Settings, SettingsError
from benchmarks.datasets import DatasetError

# For each task, the module whose `run` evaluates a model, and the data that it reads.
EVALUATIONS = {
    "detection": ("benchmarks.evaluate_detection", "instances.json with images/, or labels/*.txt with images/"),
    "classification": ("benchmarks.evaluate_classification", "a folder of photographs for each label"),
    "segmentation": ("benchmarks.evaluate_segmentation", "images/ with masks/*.png, whose values are class ids"),
    "reading": ("benchmarks.evaluate_reading", 'truth.json beside the pictures: {"sign.jpg": ["STOP", "ALL WAY"]}'),
}


def main() -> int:
    """Evaluate the first model of the settings, print the tables, write the JSON; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    data = "; ".join(f"for {task}: {what}" for task, (_, what) in EVALUATIONS.items())
    parser.add_argument("data", type=Path, help=data)
    parser.add_argument("--compare", action="store_true", help="the reference with the same weights, too")
    parser.add_argument("--canvas", choices=("own", "both"), default="own", help="both: letterboxed and stretched")
    parser.add_argument("--page", type=Path, help="as the page computes it: the folder that `make site-model` wrote")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"), help="where results are written")
    asked = parser.parse_args()
    try:
        settings = Settings.from_environment()
        model = load_model(settings.served[0], settings.weights_dir, settings.run_options, Cores(settings.threads))
        if asked.page:
            model = replace(model, engine=read_engine(asked.page, model.card, settings.threads))
        if model.card.task != "detection" and asked.canvas == "both":
            raise DatasetError(f"CANVAS is for detection, and {model.card.name} is for {model.card.task}")
        asked.out.mkdir(parents=True, exist_ok=True)
        results = import_module(EVALUATIONS[model.card.task][0]).run(model, settings, asked)
    except (DatasetError, ModelError, SettingsError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    target = asked.out / f"accuracy-{model.card.name}{'-page' if asked.page else ''}.json"
    target.write_text(json.dumps(results, indent=1) + "\n")
    print(f"Written: {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
