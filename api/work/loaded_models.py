"""The models of a serving process: loading, ready, failed, draining."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from api.errors import NoSuchModel, NotReady
from api.models.card import ModelCard
from api.models.errors import ModelError
from api.models.load import complete_model
from api.models.model import Model

logger = logging.getLogger(__name__)

PATIENCE_S = 15.0  # how long a request waits for a model of a server that has just started
RETRY_AFTER_S = 5
LOADING = "The model is being loaded. Try again in a few seconds."
RESTARTING = "The server is being restarted. Try again in a few seconds."

Fits = Callable[[ModelCard], bool]


@dataclass(frozen=True, slots=True)
class ModelState:
    """One model. `model` is there once it is loaded, `obstacle` says in words why it is not."""

    name: str
    model: Model | None = None
    obstacle: str = LOADING
    is_settled: bool = False  # it is loaded, or cannot be loaded

    @property
    def state(self) -> str:
        """Return `ready`, `loading` or `failed`."""
        return "ready" if self.model else "failed" if self.is_settled else "loading"


class LoadedModels:
    """Loads the models once, one after the other in the background, so that health checks are answered at once.

    The first name is the default model.
    """

    def __init__(self, names: Sequence[str], load: Callable[[str], Model], *, patience_s: float = PATIENCE_S) -> None:
        self._load = load
        self._patience_s = patience_s
        self._states = {name: ModelState(name) for name in names}
        self._changed = threading.Condition()
        self._draining = False

    def start(self) -> threading.Thread:
        """Begin to load; returns the thread that does it."""
        thread = threading.Thread(target=self._load_all, name="load-models", daemon=True)
        thread.start()
        return thread

    def drain(self) -> None:
        """Say `not ready` from now on. Requests that have reached this process are still answered."""
        self._draining = True

    def get(self, name: str | None = None, task: str | None = None) -> Model:
        """Return the model of that name, else the first one (of that task); wait a while for one that is loading.

        Raises NoSuchModel, and NotReady with the reason.
        """
        if name is not None and name not in self._states:
            raise NoSuchModel(f"This server has these models: {', '.join(self._states)}.")
        names = [name] if name is not None else list(self._states) if task else list(self._states)[:1]
        absent = f"The model {name} is not for {task}." if name else f"No model of this server is for {task}."
        return self._first(names, lambda card: task in (None, card.task), absent)

    def first(self, fits: Fits, absent: str) -> Model:
        """Return the first model whose card fits; wait a while for one that is loading.

        Raises NoSuchModel, which says `absent`, and NotReady with the reason.
        """
        return self._first(list(self._states), fits, absent)

    def states(self) -> list[ModelState]:
        """Return how each model is, the default first; never waits."""
        with self._changed:
            return list(self._states.values())

    def require_ready(self) -> None:
        """Raise NotReady with the reason, without waiting, if new requests should not come here."""
        if not self.is_ready:
            obstacles = [RESTARTING] if self._draining else [one.obstacle for one in self.states() if not one.model]
            raise NotReady(obstacles[0], retry_after_s=RETRY_AFTER_S)

    @property
    def is_ready(self) -> bool:
        """Whether all models are settled and at least one would work on an image now."""
        states = self.states()
        return not self._draining and all(one.is_settled for one in states) and any(one.model for one in states)

    @property
    def is_draining(self) -> bool:
        """Whether this process is going down."""
        return self._draining

    @property
    def is_loading(self) -> bool:
        """Whether a model is still being loaded."""
        return not all(one.is_settled for one in self.states())

    def _first(self, names: Sequence[str], fits: Fits, absent: str) -> Model:
        with self._changed:
            self._changed.wait_for(lambda: self._choose(names, fits) or self._are_settled(names), self._patience_s)
            chosen = self._choose(names, fits)
            if chosen:
                return chosen
            idle = next((self._states[known] for known in names if not self._states[known].model), None)
        if idle:
            raise NotReady(idle.obstacle, retry_after_s=RETRY_AFTER_S)
        raise NoSuchModel(absent)

    def _choose(self, names: Sequence[str], fits: Fits) -> Model | None:
        """Return the first loaded model that fits; None while one before it is still loading and may be chosen."""
        for name in names:
            known = self._states[name]
            if known.model and fits(known.model.card):
                return known.model
            if not known.is_settled:
                return None
        return None

    def _are_settled(self, names: Sequence[str]) -> bool:
        return all(self._states[name].is_settled for name in names)

    def _load_all(self) -> None:
        for name, known in list(self._states.items()):
            self._change(name, replace(self._try_to_load(known), is_settled=True))
        for name, known in list(self._states.items()):
            if known.model:
                self._change(name, replace(known, model=self._try_to_complete(known.model)))

    def _change(self, name: str, state: ModelState) -> None:
        with self._changed:
            self._states[name] = state
            self._changed.notify_all()

    def _try_to_load(self, known: ModelState) -> ModelState:
        try:
            model = self._load(known.name)
        except ModelError as error:
            logger.error("The model %s cannot be used: %s", known.name, error)
            return replace(known, obstacle=f"The model of this server cannot be used: {error}")
        except Exception:
            logger.exception("The model %s could not be loaded", known.name)
            return replace(known, obstacle="The model of this server could not be loaded; its log says why.")
        logger.info("Ready: %s with %d classes, %s", known.name, len(model.card.labels), model.describe())
        for entry, reason in model.card.reasons.items():
            logger.info("%s, %s: %s", known.name, entry, reason)
        return replace(known, model=model, obstacle="")

    def _try_to_complete(self, model: Model) -> Model:
        try:
            return complete_model(model)
        except Exception:
            logger.exception("The model %s stays slower for several images at once", model.card.name)
            return model
