"""DeepStack's API, which home automation speaks: this server's models, in DeepStack's words.

Sources: https://docs.deepstack.cc/api-reference, and what CodeProject.AI adds to it. docs/home-automation.md says what
differs, and what its clients need.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, jsonify, request

from api.errors import NoKey, WrongKey
from api.models.card import ModelCard
from api.models.model import Model
from api.tasks.detection.coco import DARKNET_SPELLINGS
from api.tasks.options import FRACTION
from api.web.challenge import Challenge
from api.web.form import read_field, read_upload
from api.web.form_key import FIELD, WRONG_KEY
from api.web.image_desk import Answered, ImageDesk
from api.web.keys import Keys
from api.web.problem import DEEPSTACK
from api.web.request_hooks import facts
from api.work.loaded_models import LoadedModels
from api.work.run_image import ImageRequest

MIN_CONFIDENCE = 0.45  # as DeepStack's documentation says
FILE_FIELD = "image"
DETECTION, FACE, SCENE = (f"{DEEPSTACK}{name}" for name in ("detection", "face", "scene"))
CUSTOM = f"{DEEPSTACK}custom/<name>"
LIST = f"{DEEPSTACK}custom/list"
FACES = {"face", "faces"}


def create_deepstack_routes(
    models: LoadedModels, images: ImageDesk, keys: Keys, challenge: Challenge, *, defaults: Mapping[str, Any]
) -> Blueprint:
    """Return the routes. `defaults` are each task's options; of detection's, the confidence is DeepStack's own."""
    routes = Blueprint("deepstack", __name__)

    @routes.before_request
    def require_leave() -> None:
        if request.path == LIST:  # which computes nothing
            return
        try:
            keys.admit_form(request.environ, request.form.get(FIELD, ""))
        except (NoKey, WrongKey) as error:
            raise type(error)(WRONG_KEY) from error
        challenge.admit_form(request.environ)

    def ask(choose: Callable[[], Model], **options: Any) -> Answered:
        wanted = ImageRequest(read_upload(request, (FILE_FIELD,)).data, annotate=False)
        return images.ask(wanted, choose, lambda card: replace(defaults[card.task], **options))

    def detect(choose: Callable[[], Model]) -> Answered:
        return ask(choose, confidence=read_field(request, "min_confidence", FRACTION, MIN_CONFIDENCE))

    @routes.post(DETECTION)
    def detection() -> Response:
        return _found(detect(lambda: models.first(_finds_objects, "No model of this server is for objects.")))

    @routes.post(CUSTOM)
    def custom(name: str) -> Response:
        return _found(detect(lambda: models.get(name, "detection")))

    @routes.post(FACE)
    def face() -> Response:
        answered = detect(lambda: models.first(_finds_faces, "No model of this server is for faces."))
        return _answer(predictions=[_prediction(one) for one in answered.outcome.answer["detections"]])

    @routes.post(SCENE)
    def scene() -> Response:
        answered = ask(lambda: models.get(task="classification"), top=1)
        for first in answered.outcome.answer["classes"]:
            return _answer(label=first["label"], confidence=first["confidence"])
        return _answer(label="unknown", confidence=0.0)  # a chain's gate has said no

    @routes.route(LIST, methods=["GET", "POST"])
    def custom_list() -> Response:
        loaded = [known.model.card for known in models.states() if known.model]
        return _answer(models=[card.name for card in loaded if card.task == "detection"])

    return routes


def deepstack_paths(names: Iterable[str]) -> set[str]:
    """Return the paths that images are sent to; `names` are those of the models."""
    return {DETECTION, FACE, SCENE} | {CUSTOM.replace("<name>", name) for name in names}


def _finds_faces(card: ModelCard) -> bool:
    return card.task == "detection" and {label.lower() for label in card.labels} <= FACES


def _finds_objects(card: ModelCard) -> bool:
    return card.task == "detection" and not _finds_faces(card)


def _found(answered: Answered) -> Response:
    """Answer with what was found; classes of COCO have COCO's own names, whichever the model has."""
    names = DARKNET_SPELLINGS if DARKNET_SPELLINGS.keys() <= set(answered.card.labels) else {}
    found = answered.outcome.answer["detections"]
    predictions = [{"label": names.get(one["label"], one["label"]), **_prediction(one)} for one in found]
    return _answer(predictions=predictions)


def _prediction(one: Mapping[str, Any]) -> dict[str, Any]:
    """Return a detection's confidence, and its box in whole pixels as DeepStack cuts them off."""
    box = one["box"]
    return {
        "confidence": one["confidence"],
        "y_min": int(box["y1"]),
        "x_min": int(box["x1"]),
        "y_max": int(box["y2"]),
        "x_max": int(box["x2"]),
    }


def _answer(**members: Any) -> Response:
    return jsonify(success=True, **members, duration=round(facts().seconds, 4))
