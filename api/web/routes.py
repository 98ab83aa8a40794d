"""The routes that work on an image: a form in, JSON out. Nothing here touches pixels or names a task."""

import base64
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request

from api.tasks.registry import TASKS
from api.tasks.task import AnyTask
from api.web.client_gone import is_connected
from api.web.form import read_image_fields, read_options, read_options_for, read_upload
from api.web.request_hooks import facts
from api.work.admission import Admission
from api.work.loaded_models import LoadedModels
from api.work.run_image import ImageRequest, ImageWork


def create_image_routes(
    models: LoadedModels, admission: Admission, work: ImageWork, defaults: Mapping[str, Any]
) -> Blueprint:
    """Return `POST /` for the default model, and a route for each task. `defaults` are each task's options."""
    routes = Blueprint("images", __name__)

    def answer(task_name: str | None) -> Response:
        asked = read_image_fields(request)
        upload = read_upload(request)
        with admission.slot(is_wanted=lambda: is_connected(request.environ)) as waited_s:
            model = models.get(asked.model, task_name)
            task = TASKS[model.card.task]
            if task_name is None:  # the form of `/` has the fields of all tasks, so a wrong one is wrong for any model
                for others in defaults.values():
                    read_options(request, others)
            options = read_options_for(request, model.card, defaults)
            wanted = ImageRequest(upload.data, asked.orientation, asked.annotate, asked.display_width)
            outcome = work.run(wanted, model, options)
        facts().model = model.card.name
        facts().timings_ms = {**outcome.milliseconds, "queue": round(waited_s * 1000, 1)}
        return jsonify(
            name=upload.name,
            task=task.name,
            model=model.card.name,
            image=_as_data_url(outcome.jpeg) if outcome.jpeg else None,
            width=outcome.size[1],
            height=outcome.size[0],
            **outcome.answer,
            timings_ms=facts().timings_ms,
            request_id=facts().request_id,
        )

    routes.add_url_rule("/", "default", lambda: answer(None), methods=["POST"])
    for task in TASKS.values():
        routes.add_url_rule(path_of(task), task.verb, _asking(answer, task.name), methods=["POST"])
    return routes


def path_of(task: AnyTask) -> str:
    """Return the path of a task's route."""
    return f"/v1/{task.verb}"


def image_paths() -> list[str]:
    """Return the paths that images are sent to."""
    return ["/", *map(path_of, TASKS.values())]


def _asking(answer: Callable[[str | None], Response], task_name: str) -> Callable[[], Response]:
    return lambda: answer(task_name)


def _as_data_url(jpeg: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode('ascii')}"
