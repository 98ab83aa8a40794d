"""HTTP in, HTTP out: each route reads a request, asks the parts, and writes the answer. No pixels, no tensors."""

import base64
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from flask import Blueprint, Response, g, jsonify, request

from api.images.limits import ImageLimits
from api.settings import Settings
from api.tasks.detection.types import Detection, Thresholds
from api.version import VERSION
from api.web.certificate import CertificateWatch
from api.web.client_gone import is_connected
from api.web.form import read_detect_fields, read_upload
from api.work.admission import Admission
from api.work.loaded_models import Serving
from api.work.run_image import examine
from api.work.watchdog import Watchdog

DETECT_PATHS = ("/", "/v1/detect")


def create_routes(settings: Settings, serving: Serving, admission: Admission, watchdog: Watchdog) -> Blueprint:
    """Return all routes of the API."""
    routes = Blueprint("api", __name__)
    defaults = Thresholds(confidence=settings.confidence, iou=settings.iou)
    limits = ImageLimits(max_megapixels=settings.max_megapixels)
    started = time.monotonic()
    certificate = CertificateWatch(settings.certificate) if settings.certificate else None

    def detect() -> Response:
        fields = read_detect_fields(request, defaults)
        upload = read_upload(request)
        with admission.slot(is_wanted=lambda: is_connected(request.environ)) as waited_s:
            detector = serving.detector()
            examined = watchdog.run(lambda: examine(upload.data, fields, detector, limits))
        g.timings_ms = {**examined.milliseconds, "queue": round(waited_s * 1000, 1)}
        answer: dict[str, Any] = {
            "name": upload.name,
            "image": _as_data_url(examined.jpeg) if fields.annotate else None,
            "width": examined.size[1],
            "height": examined.size[0],
            "detections": _as_json(examined.found.detections),
            "model": detector.name,
            "timings_ms": g.timings_ms,
            "request_id": g.request_id,
        }
        if fields.candidates:
            answer["candidates"] = _as_json(examined.found.candidates)
        return jsonify(answer)

    for path in DETECT_PATHS:
        routes.add_url_rule(path, view_func=detect, methods=["POST"])

    @routes.get("/status_check")
    def status_check() -> Response:
        queue = admission.state()
        warnings = {"warnings": certificate.warnings()} if certificate else {}
        return jsonify(
            status="online" if serving.is_ready and not queue.full else "busy",
            message="GET request received",
            model=settings.model,
            classes=serving.class_count,
            precision=serving.precision,
            threads=settings.threads,
            version=VERSION,
            uptime_s=round(time.monotonic() - started, 1),
            queue={"running": queue.running, "waiting": queue.waiting, "capacity": queue.capacity},
            **warnings,
        )

    @routes.get("/readyz")
    def ready() -> Response:
        serving.require_ready()
        return jsonify(status="ready")

    @routes.get("/v1/labels")
    def labels() -> Response:
        with admission.slot() if serving.is_loading else nullcontext():  # the queue bounds how many wait
            detector = serving.detector()
        return jsonify(model=detector.name, labels=detector.labels)

    @routes.get("/openapi.json")
    def openapi() -> Response:
        return jsonify(read_contract())

    return routes


@cache
def read_contract() -> dict[str, Any]:
    """Return the API's contract, an OpenAPI 3.1 document."""
    contract: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "openapi.yaml").read_text(encoding="utf-8"))
    contract["info"]["version"] = VERSION
    return contract


def _as_json(detections: Sequence[Detection]) -> list[dict[str, Any]]:
    return [
        {
            "label": found.label,
            "class_id": found.class_id,
            "confidence": round(found.confidence, 6),
            "box": {side: round(value, 3) for side, value in asdict(found.box).items()},
        }
        for found in detections
    ]


def _as_data_url(jpeg: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode('ascii')}"
