"""What is told of a model outside: by `GET /v1/models`, and by the card of the model for the visitor's device."""

from typing import Any

from api.models.card import ModelCard
from api.tasks.registry import TASKS


def tell_card(card: ModelCard) -> dict[str, Any]:
    """Return a card as plain data: what is the model's own, wherever it is computed."""
    height, width = card.input.size
    return {
        "name": card.name,
        "task": card.task,
        "labels": card.labels,
        "input": {"width": width, "height": height, "resize": card.input.resize},
        "family": card.family,
        "format": card.source_format,
        "reasons": dict(card.reasons),
        "licence": card.licence,
        "origin": card.origin,
        **({"training": dict(card.training)} if card.training else {}),
        **TASKS[card.task].tell(card.family, card.output),
    }
