"""Reading over HTTP: the route, its answer, its options, the picture the right way up, and the drawing."""

import base64
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image

from api.app import create_app
from api.models.load import load_model
from api.settings import Settings
from api.web.openapi import read_contract
from harness.applications import ready_models
from harness.pictures import encode, store
from harness.real_models import real_model
from tests.api.models.reading.pages import LINES, draw_page
from tests.contract import Contract

PAGE = draw_page()


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    site: Path = tmp_path_factory.mktemp("site")
    return create_app(Settings(site_dir=site), ready_models(load_model("read", real_model("read")))).test_client()


@pytest.fixture(scope="module")
def contract() -> Contract:
    return Contract(read_contract())


def post(visitor: FlaskClient, file: bytes, path: str = "/v1/read", **fields: str) -> Any:
    return visitor.post(path, data={"file": (io.BytesIO(file), "page.png"), **fields})


@pytest.mark.parametrize(
    ("path", "fields", "found"),
    [
        ("/v1/read", {}, 3),
        ("/", {}, 3),
        ("/v1/read", {"annotate": "false", "max_lines": "1"}, 1),
        ("/v1/read", {"text_confidence": "1", "display_width": "360"}, 0),
    ],
)
def test_the_route_keeps_the_contract(
    visitor: FlaskClient, contract: Contract, path: str, fields: dict[str, str], found: int
):
    answer = post(visitor, encode(PAGE, "PNG"), path, **fields)
    contract.check("POST", path, status=200, headers=answer.headers, content=answer.json)
    assert (answer.json["task"], answer.json["model"]) == ("reading", "read")
    assert len(answer.json["lines"]) == found
    assert (answer.json["image"] is None) == ("annotate" in fields)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_photograph_is_read_upright(visitor: FlaskClient, orientation: int):
    lines = post(visitor, encode(store(PAGE, orientation), "JPEG", orientation=orientation)).json["lines"]
    assert [line["text"] for line in lines] == list(LINES)
    assert lines[0]["polygon"][0] == [pytest.approx(36, abs=12), pytest.approx(36, abs=12)]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("text_confidence", "2", "The field `text_confidence` must be a number from 0 to 1, not '2'."),
        ("max_lines", "0", "The field `max_lines` must be a whole number from 1 to 300, not '0'."),
        ("blur", "faces", "The field `blur` is not for this model"),
        ("explain", "true", "The field `explain` is not for this model"),
    ],
)
def test_what_cannot_be_asked(visitor: FlaskClient, contract: Contract, field: str, value: str, said: str):
    answer = post(visitor, encode(PAGE, "PNG"), **{field: value})
    contract.check("POST", "/v1/read", status=400, headers=answer.headers, content=answer.json)
    assert said in answer.json["detail"]


def test_the_card_is_shown(visitor: FlaskClient, contract: Contract):
    answer = visitor.get("/v1/models")
    contract.check("GET", "/v1/models", status=200, headers=answer.headers, content=answer.json)
    (card,) = answer.json["models"]
    assert (card["task"], card["labels"], card["licence"]) == ("reading", [], "Apache-2.0")
    assert card["input"]["resize"] == "at-least"
    defaults = visitor.get("/status_check").json["defaults"]
    assert defaults == {"text_confidence": 0.5, "max_lines": 200}


def test_the_drawing_shows_each_line(visitor: FlaskClient):
    answer = post(visitor, encode(PAGE, "PNG")).json
    with Image.open(io.BytesIO(base64.b64decode(answer["image"].partition(",")[2]))) as drawn:
        assert drawn.size == PAGE.shape[1::-1]
        changed = np.abs(np.asarray(drawn, np.int16) - PAGE).max(axis=2) > 60
    for line in answer["lines"]:
        (x, y), *_ = line["polygon"]
        assert changed[max(0, int(y) - 4) : int(y) + 5, max(0, int(x) - 4) : int(x) + 5].any()
