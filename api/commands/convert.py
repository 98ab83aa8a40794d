"""`make convert MODEL=name`: make now what the first start of a model makes, and say what was chosen."""

import sys

from api.commands.progress import show_progress
from api.models.engines.cores import Cores
from api.models.errors import ModelError
from api.models.load import model_loader
from api.settings import Settings, SettingsError


def main() -> int:
    """Load each model of the settings as a server does; returns the exit status."""
    show_progress()
    try:
        settings = Settings.from_environment()
        load = model_loader(settings.weights_dir, settings.run_options, Cores(settings.threads, settings.slots))
        for name in settings.served:
            model = load(name)
            sys.stdout.write(f"{name} is ready: {model.describe()}\n")
    except (SettingsError, ModelError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
