"""HTTP in, HTTP out: each route reads a request, asks the parts, and writes the answer. No pixels, no tensors."""

import base64
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from flask import Blueprint, Response, g, jsonify, request

from api.admission import Admission
from api.certificate import CertificateWatch
from api.detection.draw import draw_detections
from api.detection.types import Detection, Thresholds
from api.fields import read_detect_fields, read_upload
from api.images import DecodedImage, ImageLimits, decode_image, encode_jpeg
from api.serving import Serving
from api.settings import Settings
from api.version import VERSION


def create_routes(settings: Settings, serving: Serving, admission: Admission) -> Blueprint:
    """Return all routes of the API."""
    routes = Blueprint("api", __name__)
    defaults = Thresholds(confidence=settings.confidence, iou=settings.iou)
    limits = ImageLimits(max_megapixels=settings.max_megapixels)
    started = time.monotonic()
    certificate = CertificateWatch(settings.certificate) if settings.certificate else None

    @routes.post("/")
    @routes.post("/v1/detect")
    def detect() -> Response:
        fields = read_detect_fields(request, defaults)
        upload = read_upload(request)
        watch = Stopwatch()
        with admission.slot() as waited_s:
            detector = serving.detector()
            with watch.stage("decode"):
                enough_for = None if fields.annotate else max(detector.input_size)
                image = decode_image(upload.data, orientation=fields.orientation, limits=limits, enough_for=enough_for)
            with watch.stage("inference"):
                found = detector.detect(
                    image.pixels, fields.thresholds, image_size=image.size, with_candidates=fields.candidates
                )
            with watch.stage("render"):
                picture = _draw(image, found.detections) if fields.annotate else None
        g.timings_ms = {**watch.milliseconds, "queue": round(waited_s * 1000, 1)}
        answer: dict[str, Any] = {
            "name": upload.name,
            "image": picture,
            "width": image.size[1],
            "height": image.size[0],
            "detections": _as_json(found.detections),
            "model": detector.name,
            "timings_ms": g.timings_ms,
            "request_id": g.request_id,
        }
        if fields.candidates:
            answer["candidates"] = _as_json(found.candidates)
        return jsonify(answer)

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


class Stopwatch:
    """Times the stages of a request, in milliseconds."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what is done within."""
        began = time.perf_counter()
        yield
        self.milliseconds[name] = round((time.perf_counter() - began) * 1000, 1)


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


def _draw(image: DecodedImage, detections: Sequence[Detection]) -> str:
    jpeg = encode_jpeg(draw_detections(image.pixels, detections))
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode('ascii')}"
