"""The answer about an image, as JSON: the same at once and by a job."""

import base64
from typing import Any

from api.models.card import ModelCard
from api.work.run_image import Outcome


def image_answer(outcome: Outcome, card: ModelCard, *, name: str, queue_ms: float, request_id: str) -> dict[str, Any]:
    """Return the members of an answer. `name` is that of the file."""
    return {
        "name": name,
        "task": card.task,
        "model": card.name,
        "image": _as_data_url(outcome.jpeg) if outcome.jpeg else None,
        "width": outcome.size[1],
        "height": outcome.size[0],
        **outcome.answer,
        "timings_ms": {**outcome.milliseconds, "queue": queue_ms, **_steps(outcome)},
        "request_id": request_id,
    }


def _steps(outcome: Outcome) -> dict[str, Any]:
    """Return the steps of a chain, in their order; nothing of another model."""
    return {"steps": [step.to_json() for step in outcome.steps]} if outcome.steps else {}


def _as_data_url(jpeg: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode('ascii')}"
