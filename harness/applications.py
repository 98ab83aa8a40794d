"""What an application needs, without a server around it."""

from api.models.model import Model
from api.work.loaded_models import LoadedModels


def ready_models(*models: Model) -> LoadedModels:
    """Return the models as a process has them that has loaded them, the default first."""
    by_name = {model.card.name: model for model in models}
    loaded = LoadedModels(list(by_name), by_name.__getitem__)
    loaded.start().join()
    return loaded
