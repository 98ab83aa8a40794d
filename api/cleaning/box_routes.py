"""The routes of correcting boxes: how things stand, the boxes of a photograph, what the model finds, and saving."""

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Any

from flask import Blueprint, Response, jsonify

from api.cleaning.actions import printable
from api.cleaning.app import read_body
from api.cleaning.boxes import FILE, Box, Boxes
from api.cleaning.pictures import read_size
from api.errors import BadRequest

MOST_BOXES = 10_000  # of a photograph
LONGEST_LABEL = 200

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
        height, width = size = read_size(boxes.read(number))
        labels = {label: place for place, label in enumerate(boxes.labels)}
        found = [_detection(box, labels[box.label], width, height) for box in boxes.boxes_of(number, size)]
        is_saved = boxes.names[number] in boxes.done
        return jsonify({"width": width, "height": height, "saved": is_saved, "detections": found})

    def ask(number: int) -> Response:
        if find is None:
            raise BadRequest("There is no model to ask; start with MODEL=name.")
        return jsonify(find(boxes.read(number), PurePosixPath(boxes.names[number]).name))

    def save(number: int) -> Response:
        body = read_body()
        size = read_size(boxes.read(number))
        known = {box.annotation: box.label for box in boxes.boxes_of(number, size) if box.annotation is not None}
        wanted = _read_boxes(body.get("boxes"), known)
        boxes.save(number, size, wanted)
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


def _read_boxes(value: object, labels: Mapping[int, str]) -> list[Box]:
    """Return the boxes of a request. `labels`: those of the file's annotations that it may name. Raises BadRequest."""
    if not isinstance(value, list) or len(value) > MOST_BOXES:
        raise BadRequest(f"Send at most {MOST_BOXES} boxes as a list.")
    return [_read_box(one, labels) for one in value]


def _read_box(value: object, labels: Mapping[int, str]) -> Box:
    match value:
        case {"annotation": int(known)} if known in labels:
            return Box(labels[known], (0, 0, 0, 0), known)
        case {"label": str(label), "box": {"x1": x1, "y1": y1, "x2": x2, "y2": y2}}:
            corners = (x1, y1, x2, y2)
            if not all(type(side) in (int, float) and abs(side) < 1e6 for side in corners) or x1 > x2 or y1 > y2:
                raise BadRequest("A box is x1, y1, x2 and y2 in pixels, the smaller ones first.")
            name = " ".join(label.split())
            if not name or len(name) > LONGEST_LABEL or not name.isprintable():
                raise BadRequest(f"A label has 1 to {LONGEST_LABEL} letters.")
            return Box(name, corners)
    raise BadRequest("A box has a label and the corners of its box, or the number of an annotation of the file.")
