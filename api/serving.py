"""The detector's life in a serving process: loading, ready, failed, draining."""

import logging
import threading
from collections.abc import Callable

from api.detection.detector import Detector
from api.detection.errors import ModelError
from api.errors import NotReady

logger = logging.getLogger(__name__)


class Serving:
    """Loads the detector once, in the background, so that health is answered from the first moment on."""

    def __init__(self, load: Callable[[], Detector]) -> None:
        self._load = load
        self._detector: Detector | None = None
        self._draining = False
        self._obstacle = "The model is being loaded. Try again in a few seconds."

    def start(self) -> threading.Thread:
        """Begin to load; returns the thread that does, to wait for where that is wanted."""
        thread = threading.Thread(target=self._run_load, name="load-model", daemon=True)
        thread.start()
        return thread

    def drain(self) -> None:
        """Take no new work; what runs is finished."""
        self._draining = True
        self._obstacle = "The server is being restarted. Try again in a few seconds."

    def detector(self) -> Detector:
        """Return the detector. Raises NotReady, with the reason, while there is none."""
        detector = self._detector
        if detector is None or self._draining:
            raise NotReady(self._obstacle, retry_after_s=5)
        return detector

    @property
    def is_ready(self) -> bool:
        """Whether an image would be worked on now."""
        return self._detector is not None and not self._draining

    @property
    def class_count(self) -> int:
        """How many classes the model tells apart; 0 until it is loaded."""
        detector = self._detector
        return len(detector.labels) if detector else 0

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
