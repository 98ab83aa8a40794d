"""The routes that say how the server is and what it serves. None of them waits for an inference."""

import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, request

from api.models.card_json import tell_card
from api.version import VERSION
from api.web.certificate import CertificateWatch
from api.web.openapi import read_contract
from api.work.admission import Admission
from api.work.loaded_models import LoadedModels, ModelState


def create_health_routes(
    models: LoadedModels,
    admission: Admission,
    *,
    threads: int,
    defaults: Mapping[str, Any],
    certificate: Path | None,
    needs_key: bool = False,
    jobs: Callable[[], dict[str, Any]] | None = None,
) -> Blueprint:
    """Return the routes. `defaults` are each task's options; `certificate` is the file that nginx serves, if known.

    `needs_key`: whether programs need a key for work.
    `jobs` says how the jobs stand, if this server takes any; it does not wait.
    """
    routes = Blueprint("health", __name__)
    started_s = time.monotonic()
    watch = CertificateWatch(certificate) if certificate else None

    @routes.get("/status_check")
    def status_check() -> Response:
        queue = admission.state()
        first = models.states()[0]
        return jsonify(
            status="online" if models.is_ready and not queue.full else "busy",
            message="GET request received",
            model=first.name,
            classes=len(first.model.card.labels) if first.model else 0,
            precision=first.model.precision if first.model else None,
            threads=threads,
            version=VERSION,
            uptime_s=round(time.monotonic() - started_s, 1),
            queue={"running": queue.running, "waiting": queue.waiting, "capacity": queue.capacity},
            defaults=asdict(defaults[first.model.card.task]) if first.model else {},
            **({"needs_key": True} if needs_key else {}),
            **({"jobs": jobs()} if jobs else {}),
            **({"warnings": watch.warnings()} if watch else {}),
        )

    @routes.get("/readyz")
    def ready() -> Response:
        models.require_ready()
        failed = [{"model": known.name, "detail": known.obstacle} for known in models.states() if not known.model]
        return jsonify(status="ready", **({"failed": failed} if failed else {}))

    @routes.get("/v1/labels")
    def labels() -> Response:
        with admission.slot() if models.is_loading else nullcontext():  # the queue bounds how many wait
            card = models.get(request.args.get("model")).card
        return jsonify(model=card.name, labels=card.labels)

    @routes.get("/v1/models")
    def all_models() -> Response:
        states = models.states()
        return jsonify(default=states[0].name, models=[_describe(known) for known in states])

    @routes.get("/openapi.json")
    def openapi() -> Response:
        return jsonify(read_contract())

    return routes


def _describe(known: ModelState) -> dict[str, Any]:
    """Return a model's card as JSON; if it is not loaded, only the reason."""
    if known.model is None:
        return {"name": known.name, "state": known.state, "detail": known.obstacle}
    return {
        **tell_card(known.model.card),
        "state": known.state,
        "precision": known.model.precision,
        "engine": known.model.description,
        "memory_mb": known.model.memory_mb,
        **({"chain": steps} if (steps := known.model.tell_steps()) else {}),
    }
