"""The way of an image that is answered at once, whichever form it came in: its turn, its model, the work on it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request

from api.models.card import ModelCard
from api.models.model import Model
from api.web.client_gone import is_connected
from api.web.request_hooks import facts
from api.work.admission import Admission
from api.work.run_image import ImageRequest, ImageWork, Outcome


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of an image, the card of the model that answered, and how long it waited for its turn."""

    outcome: Outcome
    card: ModelCard
    queue_ms: float


class ImageDesk:
    """Takes images in, as many at once as `admission` allows."""

    def __init__(self, admission: Admission, work: ImageWork) -> None:
        self._admission = admission
        self._work = work

    def ask(
        self, wanted: ImageRequest, choose: Callable[[], Model], options_for: Callable[[ModelCard], Any]
    ) -> Answered:
        """Answer the current request; `choose` and `options_for` are called when it is its turn.

        Raises what they raise, Busy, SenderGone, and what `ImageWork.run` raises.
        """
        with self._admission.slot(is_wanted=lambda: is_connected(request.environ)) as waited_s:
            model = choose()
            outcome = self._work.run(wanted, model, options_for(model.card))
        queue_ms = round(waited_s * 1000, 1)
        facts().model, facts().timings_ms = model.card.name, {**outcome.milliseconds, "queue": queue_ms}
        return Answered(outcome, model.card, queue_ms)
