"""`blur=faces` over HTTP with the real YuNet: the faces are gone from the picture, and cannot be brought back."""

import base64
import io
from pathlib import Path
from typing import Any

import cv2
import matplotlib as mpl
import numpy as np
import pytest
from flask.testing import FlaskClient
from numpy.typing import NDArray
from PIL import Image

from api.app import create_app
from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.models.engines.cores import Cores
from api.models.load import load_model
from api.models.model import Model
from api.settings import Settings
from api.tasks.detection.blur import BLOCKS
from api.tasks.detection.types import Box, DetectionOptions
from harness.applications import ready_models
from harness.pictures import encode, store
from harness.real_models import real_model
from tests.contract import Contract

HOPPER = Path(mpl.get_data_path()) / "sample_data" / "grace_hopper.jpg"  # by the US Navy; it comes with matplotlib


@pytest.fixture(scope="module")
def faces() -> Model:
    return load_model("faces", real_model("faces"), cores=Cores(2))


@pytest.fixture(scope="module")
def visitor(faces: Model, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return create_app(Settings(site_dir=tmp_path_factory.mktemp("site")), ready_models(faces)).test_client()


@pytest.fixture(scope="module")
def group() -> NDArray[np.uint8]:
    """Three people beside one another."""
    photograph = decode_image(HOPPER.read_bytes(), orientation=None, limits=ImageLimits()).pixels
    return np.tile(photograph[::2, ::2], (1, 3, 1))


def ask(visitor: FlaskClient, image: bytes, **fields: str) -> Any:
    return visitor.post("/v1/detect", data={"file": (io.BytesIO(image), "a.png"), **fields})


def drawn(answer: Any) -> NDArray[np.uint8]:
    data = base64.b64decode(answer.json["image"].removeprefix("data:image/jpeg;base64,"))
    assert b"Exif" not in data
    with Image.open(io.BytesIO(data)) as picture:
        return np.asarray(picture)


def cut(picture: NDArray[np.uint8], box: dict[str, int]) -> NDArray[np.uint8]:
    return picture[box["y1"] : box["y2"], box["x1"] : box["x2"]]


def is_covered(box: dict[str, float], regions: list[dict[str, int]]) -> bool:
    return any(
        all(one[side] <= box[side] for side in ("x1", "y1")) and all(one[side] >= box[side] for side in ("x2", "y2"))
        for one in regions
    )


@pytest.mark.parametrize(
    "fields", [{}, {"confidence": "0.99"}, {"max_detections": "1"}, {"iou": "0"}, {"annotate": "false"}]
)
def test_every_face_is_blurred_whatever_else_is_asked(
    visitor: FlaskClient, group: NDArray[np.uint8], fields: dict[str, str]
) -> None:
    image = encode(group, "PNG")
    found = ask(visitor, image, annotate="false").json["detections"]
    assert len(found) == 3
    answer = ask(visitor, image, blur="faces", **fields)
    Contract(visitor.get("/openapi.json").json).check(
        "POST", "/v1/detect", status=200, headers=dict(answer.headers), content=answer.json
    )
    assert all(is_covered(one["box"], answer.json["blurred"]) for one in found)


def ways_to_undo(blurred: NDArray[np.uint8]) -> dict[str, NDArray[np.uint8]]:
    """Return what an attacker can make of a region: as it is, smoothed, or sharpened after that."""
    size = blurred.shape[1::-1]
    means = cv2.resize(blurred, (BLOCKS, BLOCKS), interpolation=cv2.INTER_AREA)
    smooth = {
        name: np.asarray(cv2.resize(means, size, interpolation=way), np.uint8)
        for name, way in (("linear", cv2.INTER_LINEAR), ("cubic", cv2.INTER_CUBIC), ("lanczos", cv2.INTER_LANCZOS4))
    }
    soft = cv2.GaussianBlur(smooth["cubic"], (0, 0), size[0] / 8)
    sharp = np.asarray(cv2.addWeighted(smooth["cubic"], 3, soft, -2, 0), np.uint8)
    return {"as it is": blurred, **smooth, "sharpened": sharp}


def likeness(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Return the correlation of what is finer than a sixteenth of a region: eyes, nose and mouth."""
    details = []
    for picture in (one, other):
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
        details.append((grey - cv2.GaussianBlur(grey, (0, 0), grey.shape[0] / 16)).ravel())
    return float(np.corrcoef(details)[0, 1])


def test_no_face_can_be_brought_back(visitor: FlaskClient, faces: Model, group: NDArray[np.uint8]) -> None:
    answer = ask(visitor, encode(group, "PNG"), blur="face")
    picture = drawn(answer)
    assert len(answer.json["blurred"]) >= 3
    for region in answer.json["blurred"]:
        original, blurred = cut(group, region), cut(picture, region)
        for way, guess in ways_to_undo(blurred).items():
            assert abs(likeness(original, guess)) < 0.3, way
            attempt = picture.copy()
            cut(attempt, region)[:] = guess
            box = Box(**region)
            seen = faces.run(attempt, DetectionOptions(confidence=0.3)).detections
            assert not any(box.x1 < (one.box.x1 + one.box.x2) / 2 < box.x2 for one in seen), way
    fine = cv2.resize(cut(group, region), None, fx=1 / 8, fy=1 / 8, interpolation=cv2.INTER_AREA)
    weak = np.asarray(cv2.resize(fine, original.shape[1::-1], interpolation=cv2.INTER_CUBIC), np.uint8)
    assert likeness(original, weak) > 0.5  # so the measure sees what small blocks would leave


@pytest.mark.parametrize("orientation", [1, 6])
def test_an_upright_face_is_blurred_where_the_upright_picture_has_it(
    visitor: FlaskClient, group: NDArray[np.uint8], orientation: int
) -> None:
    plain = ask(visitor, encode(group, "PNG"), blur="faces")
    turned = ask(visitor, encode(store(group, orientation), "PNG", orientation=orientation), blur="faces")
    assert turned.json["blurred"] == plain.json["blurred"]
    assert np.array_equal(drawn(turned), drawn(plain))


def test_what_is_not_blurred_is_as_it_was(visitor: FlaskClient, group: NDArray[np.uint8]) -> None:
    answer = ask(visitor, encode(group, "PNG"), blur="faces")
    difference = np.abs(drawn(answer).astype(int) - group).max(axis=2)
    for region in answer.json["blurred"]:
        x1, y1, x2, y2 = (region[side] for side in ("x1", "y1", "x2", "y2"))
        difference[max(0, y1 - 16) : y2 + 16, max(0, x1 - 16) : x2 + 16] = 0
    assert difference.mean() < 3  # as much as JPEG changes


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"blur": "cats"}, "The field `blur` says 'cats', and this model does not find that. It finds: face;"),
        ({"blur": "faces,"}, "The field `blur` must be names with commas between, not 'faces,'."),
        ({"explain": "true"}, "The field `explain` is not for this model"),
    ],
)
def test_what_cannot_be_done_is_refused(
    visitor: FlaskClient, group: NDArray[np.uint8], fields: dict[str, str], said: str
) -> None:
    answer = ask(visitor, encode(group, "PNG"), **fields)
    assert answer.status_code == 400
    assert answer.json["detail"].startswith(said)


def test_the_card_tells_the_points(visitor: FlaskClient) -> None:
    (card,) = visitor.get("/v1/models").json["models"]
    assert card["keypoints"] == ["right_eye", "left_eye", "nose_tip", "right_mouth_corner", "left_mouth_corner"]
    assert card["skeleton"] == []
