"""The routes of correcting boxes: how things stand, the boxes of a photograph, what the model finds, and saving."""

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from flask import Blueprint, Response, jsonify

from api.cleaning.actions import printable
from api.cleaning.app import read_body
from api.cleaning.boxes import FILE, Box, Boxes, read_boxes
from api.cleaning.pictures import read_size
from api.errors import BadRequest

Find = Callable[[bytes, str], dict[str, Any]]  # a photograph and its name -> what `POST /v1/detect` answers


def create_box_routes(boxes: Boxes, find: Find | None, model: str | None) -> Blueprint:
    """Return the routes. `find` asks the model of that name; None: there is none."""
    routes = Blueprint("boxes", __name__)

    def tell() -> Response:
        done = boxes.done
        photographs = [{"id": number, "name": name, "saved": name in done} for number, name in enumerate(boxes.names)]
        state = {"mode": "boxes", "folder": printable(boxes.folder.resolve().name), "file": FILE, "model": model}
        return jsonify({**state, "labels": boxes.labels, "photographs": photographs})

    def read(number: int) -> Response:
        height, width = read_size(boxes.read(number))
        labels = {label: place for place, label in enumerate(boxes.labels)}
        found = [_detection(box, labels[box.label], width, height) for box in boxes.boxes_of(number)]
        is_saved = boxes.names[number] in boxes.done
        return jsonify({"width": width, "height": height, "saved": is_saved, "detections": found})

    def ask(number: int) -> Response:
        if find is None:
            raise BadRequest("There is no model to ask; start with MODEL=name.")
        return jsonify(find(boxes.read(number), PurePosixPath(boxes.names[number]).name))

    def save(number: int) -> Response:
        body = read_body()
        known = {box.annotation: box.label for box in boxes.boxes_of(number) if box.annotation is not None}
        wanted = read_boxes(body.get("boxes"), known)
        boxes.save(number, read_size(boxes.read(number)), wanted)
        return jsonify({"labels": boxes.labels, "many": len(wanted)})

    routes.add_url_rule("/state.json", "state", tell)
    routes.add_url_rule("/photographs/<int:number>/boxes", "read", read)
    routes.add_url_rule("/photographs/<int:number>/found", "ask", ask)
    routes.add_url_rule("/photographs/<int:number>/boxes", "save", save, methods=["POST"])
    return routes


def _detection(box: Box, class_id: int, width: int, height: int) -> dict[str, Any]:
    """Return a box as the API answers it: in the photograph, whatever the file says."""
    x1, y1, x2, y2 = box.corners
    x1, y1 = min(max(x1, 0), width), min(max(y1, 0), height)
    corners = {"x1": x1, "y1": y1, "x2": min(max(x2, x1), width), "y2": min(max(y2, y1), height)}
    return {
        "label": box.label,
        "class_id": class_id,
        "confidence": 1.0,
        "box": corners,
        "annotation": box.annotation,
    }
