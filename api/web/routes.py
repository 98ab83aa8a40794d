"""The routes that work on an image: a form in, JSON out. Nothing here touches pixels or names a task."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request

from api.images.sniff import find_kind
from api.jobs.types import JobKind
from api.models.model import Model
from api.tasks.registry import TASKS
from api.tasks.task import AnyTask
from api.web.form import Upload, read_field, read_image_fields, read_options, read_options_for, read_upload
from api.web.image_desk import ImageDesk
from api.web.job_desk import KEY, JobDesk, read_job_request
from api.web.prefer import LATER, wants_job
from api.web.request_hooks import facts
from api.work.image_answer import image_answer
from api.work.loaded_models import LoadedModels
from api.work.run_image import ImageRequest


def create_image_routes(
    models: LoadedModels,
    images: ImageDesk,
    defaults: Mapping[str, Any],
    desk: JobDesk | None = None,
) -> Blueprint:
    """Return `POST /` for the default model, and a route for each task. `defaults` are each task's options.

    With a `desk` a client may have a job in place of the answer.
    """
    routes = Blueprint("images", __name__)

    def answer(task_name: str | None) -> Response:
        asked = read_image_fields(request)
        upload = read_upload(request)
        if task_name is None:  # the form of `/` has the fields of all tasks, so a wrong one is wrong for any model
            for others in defaults.values():
                read_options(request, others)
        if desk and wants_job(request.environ):
            return _answer_later(upload, models.get(asked.model, task_name), defaults, desk)
        wanted = ImageRequest(upload.data, asked.orientation, asked.annotate, asked.display_width)
        answered = images.ask(
            wanted,
            lambda: models.get(asked.model, task_name),
            lambda card: read_options_for(request, card, defaults),
        )
        found = image_answer(
            answered.outcome,
            answered.card,
            name=upload.name,
            queue_ms=answered.queue_ms,
            request_id=facts().request_id,
        )
        return jsonify(found)

    routes.add_url_rule("/", "default", lambda: answer(None), methods=["POST"])
    for task in TASKS.values():
        routes.add_url_rule(path_of(task), task.verb, _asking(answer, task.name), methods=["POST"])
    return routes


def _answer_later(upload: Upload, model: Model, defaults: Mapping[str, Any], desk: JobDesk) -> Response:
    """Answer with a job whose result is what the answer would have been."""
    find_kind(upload.data)  # what is no image is refused at once
    asked = read_job_request(JobKind.IMAGE, upload.name, model, defaults)
    desk.require_room(len(upload.data))
    file = desk.receive_bytes(upload.data)
    try:
        response = desk.take(file, asked, read_field(request, "key", KEY, None))
    finally:
        file.discard()
    response.headers["Preference-Applied"] = LATER
    return response


def path_of(task: AnyTask) -> str:
    """Return the path of a task's route."""
    return f"/v1/{task.verb}"


def image_paths() -> list[str]:
    """Return the paths that images are sent to."""
    return ["/", *map(path_of, TASKS.values())]


def _asking(answer: Callable[[str | None], Response], task_name: str) -> Callable[[], Response]:
    return lambda: answer(task_name)
