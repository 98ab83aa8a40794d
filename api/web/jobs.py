"""The routes of jobs: a file in, an id out; how it is, what came of it, its end."""

from collections.abc import Mapping
from typing import Any, cast

from flask import Blueprint, Response, jsonify, request, send_file

from api.errors import BadRequest, NoJobs, NotYet, TooLarge
from api.jobs.sniff import find_job_kind
from api.jobs.types import JobKind, JobState
from api.video.available import is_available
from api.web.form import clean_name, one_file, read_field, read_image_fields
from api.web.job_desk import KEY, JobDesk, read_job_request
from api.web.job_events import EventStreams
from api.web.job_json import PATH, job_json
from api.web.received_file import ReceivedFile
from api.work.loaded_models import LoadedModels

FORM_BYTES = 1_000_000  # for what is in the form besides the file
NO_VIDEOS = "This server reads photographs, and no videos: its owner has left PyAV out."
NO_CONTENT = 204


def create_job_routes(
    desk: JobDesk, models: LoadedModels, defaults: Mapping[str, Any], *, max_image_mb: float
) -> Blueprint:
    """Return the routes. `defaults` are each task's options."""
    routes = Blueprint("jobs", __name__)
    streams = EventStreams(lambda: models.is_draining)

    @routes.post(PATH)
    def begin() -> Response:
        request.max_content_length = int(desk.settings.video_mb * 1e6) + FORM_BYTES
        desk.require_room(request.content_length or 0)
        with desk.receiving():
            upload = one_file(request)
            file = cast("ReceivedFile", upload.stream)
            kind = find_job_kind(file.head)
            if kind == JobKind.VIDEO and not is_available():
                raise NoJobs(NO_VIDEOS)
            if kind == JobKind.IMAGE and file.size > max_image_mb * 1e6:
                raise TooLarge(f"A photograph may have at most {max_image_mb:g} MB. Make it smaller.")
            model = models.get(read_image_fields(request).model)
            name = clean_name(upload.filename or "")
            asked = read_job_request(kind, name, model, defaults, every=desk.settings.every)
            if kind == JobKind.VIDEO and asked.options.get("explain"):
                raise BadRequest("The field `explain` is for photographs; it takes too long for a whole video.")
            return desk.take(file, asked, read_field(request, "key", KEY, None))

    @routes.get(f"{PATH}/<job_id>")
    def show(job_id: str) -> Response:
        desk.folder(job_id)
        return jsonify(job_json(desk.client.find(job_id)))

    @routes.get(f"{PATH}/<job_id>/events")
    def events(job_id: str) -> Response:
        desk.folder(job_id)

        def look() -> tuple[dict[str, Any], bool]:
            job = desk.client.find(job_id)
            return job_json(job), job.state.has_ended

        return streams.answer(look)

    @routes.get(f"{PATH}/<job_id>/result.json")
    def result_json(job_id: str) -> Response:
        return _send(desk, job_id, "result_json", "application/json")

    @routes.get(f"{PATH}/<job_id>/result.mp4")
    def result_mp4(job_id: str) -> Response:
        return _send(desk, job_id, "result_mp4", "video/mp4")

    @routes.get(f"{PATH}/<job_id>/preview.jpg")
    def preview(job_id: str) -> Response:
        return _send(desk, job_id, "preview", "image/jpeg")

    @routes.delete(f"{PATH}/<job_id>")
    def end(job_id: str) -> Response:
        desk.folder(job_id)
        if desk.client.find(job_id).state.has_ended:
            desk.client.forget(job_id)
            return Response(status=NO_CONTENT)
        desk.client.cancel(job_id)
        return jsonify(job_json(desk.client.find(job_id)))

    return routes


def create_absent_job_routes(reason: str) -> Blueprint:
    """Return routes that say why there are no jobs here."""
    routes = Blueprint("jobs", __name__)

    def refuse(**_values: str) -> Response:
        raise NoJobs(reason)

    routes.add_url_rule(PATH, "begin", refuse, methods=["POST"])
    routes.add_url_rule(f"{PATH}/<job_id>", "show", refuse, methods=["GET", "DELETE"])
    for name in ("events", "result.json", "result.mp4", "preview.jpg"):
        routes.add_url_rule(f"{PATH}/<job_id>/{name}", name.replace(".", "_"), refuse)
    return routes


def _send(desk: JobDesk, job_id: str, name: str, kind: str) -> Response:
    """Send a file of a job, or the part of it that is asked for."""
    folder = desk.folder(job_id)
    job = desk.client.find(job_id)
    file = getattr(folder, name)
    if name != "preview" and job.state != JobState.DONE:
        raise NotYet(job.detail or f"The job is {job.state}; its results come when it is done.")
    if not file.is_file():
        raise NotYet("This job has no such file.")
    response = send_file(file, mimetype=kind, conditional=True, max_age=0)
    response.headers["Cache-Control"] = "no-store"
    return response
