"""The routes of correcting labels: how things stand, and decisions, each answered with what it has changed."""

from typing import Any

from flask import Blueprint, Response, jsonify

from api.cleaning.actions import printable
from api.cleaning.app import read_body, read_numbers
from api.cleaning.corrections import Corrections, Done, Item
from api.cleaning.questions import Questions
from api.errors import BadRequest
from api.training.dataset import Refused


def create_label_routes(
    corrections: Corrections, questions: Questions | None, refused: tuple[Refused, ...]
) -> Blueprint:
    """Return the routes. `questions` None: there is no training to go by; `refused`: what could not be read."""
    routes = Blueprint("labels", __name__)
    places = {label: place for place, label in enumerate(corrections.labels)}

    def item_json(item: Item) -> dict[str, Any]:
        label = None if item.label is None else places[item.label]
        return {"id": item.number, "name": printable(item.name), "label": label, "kept": item.is_kept}

    def tell() -> Response:
        state = {
            "mode": "labels",
            "folder": printable(corrections.folder.resolve().name),
            "labels": corrections.labels,
            "photographs": [item_json(item) for item in corrections.items],
            "refused": [{"name": one.name, "reason": one.reason} for one in refused],
            "run": None if questions is None else _run_json(questions, corrections, places),
        }
        return jsonify({**state, "undo": _undo_json(corrections)})

    def answer(done: Done) -> Response:
        changed = {"photographs": [item_json(item) for item in done.items], "pair": done.pair}
        return jsonify({"did": done.do, "undone": done.is_undone, **changed, "undo": _undo_json(corrections)})

    routes.add_url_rule("/state.json", "state", tell)
    routes.add_url_rule("/decisions", "decide", lambda: answer(_decide(corrections)), methods=["POST"])
    routes.add_url_rule("/undo", "undo", lambda: answer(corrections.undo()), methods=["POST"])
    return routes


def _decide(corrections: Corrections) -> Done:
    """Do what the request's body says. Raises BadRequest, FolderChanged, FolderNotWritable."""
    body = read_body()
    numbers = read_numbers(body.get("photographs"))
    match body.get("do"):
        case "relabel":
            label = body.get("label")
            if type(label) is not int or not 0 <= label < len(corrections.labels):
                raise BadRequest("Send the label by its place in the list of labels.")
            return corrections.relabel(numbers, corrections.labels[label])
        case "delete":
            return corrections.delete(numbers)
        case "keep":
            return corrections.keep(numbers)
        case "keep-both":
            if len(set(numbers)) != 2:
                raise BadRequest("Two photographs make a pair.")
            return corrections.keep_both(*numbers)
    raise BadRequest("What is to be done is relabel, delete, keep or keep-both.")


def _run_json(questions: Questions, corrections: Corrections, places: dict[str, int]) -> dict[str, Any]:
    names = {item.number: item.name for item in corrections.items}
    kept = corrections.kept_pairs
    return {
        "name": questions.name,
        "made": questions.made,
        "known": questions.known,
        "doubts": [
            {"id": one.number, "said": places.get(one.said), "score": round(one.score, 4)} for one in questions.doubts
        ],
        "pairs": [
            {
                "one": pair.one,
                "other": pair.other,
                "across": pair.is_across,
                "kept": frozenset((names[pair.one], names[pair.other])) in kept,
            }
            for pair in questions.pairs
        ],
    }


def _undo_json(corrections: Corrections) -> dict[str, Any] | None:
    last = corrections.undoable
    if last is None:
        return None
    return {"do": last.do, "many": len(last.change.before) if last.change else len(last.names)}
