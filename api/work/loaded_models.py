"""The detector's life in a serving process: loading, ready, failed, draining."""

import logging
import threading
from collections.abc import Callable

from api.errors import NotReady
from api.models.darknet.detector import Detector
from api.models.errors import ModelError

logger = logging.getLogger(__name__)

PATIENCE_S = 15.0  # how long a request waits for the model of a server that has just started
RETRY_AFTER_S = 5
LOADING = "The model is being loaded. Try again in a few seconds."
RESTARTING = "The server is being restarted. Try again in a few seconds."


class Serving:
    """Loads the detector once, in the background, so that health is answered from the first moment on."""

    def __init__(self, load: Callable[[], Detector], *, patience_s: float = PATIENCE_S) -> None:
        self._load = load
        self._patience_s = patience_s
        self._detector: Detector | None = None
        self._settled = threading.Event()  # the model is loaded, or cannot be
        self._draining = False
        self._obstacle = LOADING

    def start(self) -> threading.Thread:
        """Begin to load; returns the thread that does, to wait for where that is wanted."""
        thread = threading.Thread(target=self._run_load, name="load-model", daemon=True)
        thread.start()
        return thread

    def drain(self) -> None:
        """Say `not ready` from now on. Requests that have reached this process are answered all the same."""
        self._draining = True

    def detector(self) -> Detector:
        """Return the detector; wait a while for one that is being loaded. Raises NotReady, with the reason."""
        self._settled.wait(self._patience_s)
        if self._detector is None:
            raise NotReady(self._obstacle, retry_after_s=RETRY_AFTER_S)
        return self._detector

    def wait_until_settled(self, seconds: float) -> bool:
        """Wait until it is known whether there is a detector; tell whether it is."""
        return self._settled.wait(seconds)

    def require_ready(self) -> None:
        """Raise NotReady, with the reason and without waiting, unless new requests had best come here."""
        if not self.is_ready:
            raise NotReady(RESTARTING if self._draining else self._obstacle, retry_after_s=RETRY_AFTER_S)

    @property
    def is_ready(self) -> bool:
        """Whether an image would be worked on now."""
        return self._detector is not None and not self._draining

    @property
    def is_loading(self) -> bool:
        """Whether it is not known yet if there will be a detector."""
        return not self._settled.is_set()

    @property
    def class_count(self) -> int:
        """How many classes the model tells apart; 0 until it is loaded."""
        detector = self._detector
        return len(detector.labels) if detector else 0

    @property
    def precision(self) -> str | None:
        """The numbers the model computes in; None until it is loaded."""
        detector = self._detector
        return detector.runtime.execution.precision if detector else None

    def _run_load(self) -> None:
        try:
            self._detector = self._load()
        except ModelError as error:
            logger.error("The model cannot be used: %s", error)
            self._obstacle = f"The model of this server cannot be used: {error}"
        except Exception:
            logger.exception("The model could not be loaded")
            self._obstacle = "The model of this server could not be loaded; its log says why."
        else:
            logger.info(
                "Ready: %s with %d classes, %s",
                self._detector.name,
                len(self._detector.labels),
                self._detector.describe(),
            )
        finally:
            self._settled.set()
