"""The page's server answers its own page alone, and a mistake of the page is never ours."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from api.cleaning.app import create_cleaning_app
from api.cleaning.corrections import Corrections
from api.cleaning.label_routes import create_label_routes
from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.training.dataset import read_dataset
from harness.pictures import encode, make_upright, store
from tests.api.cleaning.folders import contents, make_folders

ADDRESS = "a-part-that-nobody-can-guess"
LARGE = make_upright(600, 900)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_folders(tmp_path / "data")


@pytest.fixture
def client(folder: Path, tmp_path: Path) -> FlaskClient:
    page = tmp_path / "page"
    page.mkdir()
    (page / "index.html").write_text("the page")
    dataset = read_dataset(folder)
    corrections = Corrections(dataset)
    routes = create_label_routes(corrections, None, dataset.refused)
    return create_cleaning_app(routes, corrections.read, page=page, token=ADDRESS).test_client()


FOREIGN: dict[str, tuple[str, dict[str, str]]] = {
    "a name of somebody's for this machine (DNS rebinding)": (ADDRESS, {"Host": "rebound.example"}),
    "the same with our port": (ADDRESS, {"Host": "rebound.example:80"}),
    "another address of this machine": (ADDRESS, {"Host": "192.168.1.7"}),
    "another port": (ADDRESS, {"Host": "127.0.0.1:81"}),
    "a page of another site": (ADDRESS, {"Origin": "https://evil.example"}),
    "another server on this machine": (ADDRESS, {"Origin": "http://localhost:8000"}),
    "a page without an origin": (ADDRESS, {"Origin": "null"}),
    "a picture in a page of another site": (ADDRESS, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}),
    "a picture in a page of another port": (ADDRESS, {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"}),
    "a wrong token": ("a-part-that-somebody-guesses", {}),
    "no token": ("", {}),
    "a token that is no ASCII": ("%C3%A4", {}),
}
WAYS = [
    ("GET", "/state.json"),
    ("GET", "/photographs/0/small"),
    ("POST", "/decisions"),
    ("POST", "/undo"),
    ("GET", "/nothing"),
]


@pytest.mark.parametrize("who", FOREIGN)
@pytest.mark.parametrize(("method", "path"), WAYS)
def test_others_are_refused_and_change_nothing(client: FlaskClient, folder: Path, who: str, method: str, path: str):
    token, headers = FOREIGN[who]
    before = contents(folder)
    body = {"do": "delete", "photographs": [0]} if method == "POST" else None
    response = client.open(f"/{token}{path}", method=method, json=body, headers=headers)
    assert response.status_code == 403
    assert response.json["type"].endswith("foreign-request")
    assert "Access-Control-Allow-Origin" not in response.headers
    assert contents(folder) == before


def test_a_form_of_another_site_changes_nothing_even_with_the_token(client: FlaskClient, folder: Path):
    before = contents(folder)
    body = '{"do": "delete", "photographs": [0], "x": "="}'
    for media_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        assert client.post(f"/{ADDRESS}/decisions", data=body, content_type=media_type).status_code == 400
    assert contents(folder) == before


def test_the_address_can_be_opened_from_anywhere(client: FlaskClient):
    """As from the link that a terminal shows in a browser."""
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    with client.get(f"/{ADDRESS}/", headers=headers) as response:
        assert response.text == "the page"


def test_no_page_may_show_it_in_a_frame_or_use_what_it_has(client: FlaskClient):
    for path in ("/", "/state.json", "/photographs/0/small", "/nothing"):
        with client.get(f"/{ADDRESS}{path}") as response:
            headers = response.headers
        assert headers["Content-Security-Policy"] == "frame-ancestors 'none'"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["../folders.py", "..%2f..%2fetc%2fpasswd", "%2e%2e/data/cat/1.jpg", "/etc/passwd"])
def test_no_file_beside_the_page_is_served(client: FlaskClient, path: str):
    assert client.get(f"/{ADDRESS}/{path}").status_code in (403, 404)


BAD: list[Any] = [
    None, [], "x", {}, {"do": "delete"}, {"do": "delete", "photographs": []}, {"do": "delete", "photographs": [999]},
    {"do": "delete", "photographs": ["0"]}, {"do": "delete", "photographs": [True]}, {"do": "delete", "photographs": 0},
    {"do": "delete", "photographs": [-1]}, {"do": "burn", "photographs": [0]}, {"do": ["delete"], "photographs": [0]},
    {"do": "relabel", "photographs": [0]}, {"do": "relabel", "photographs": [0], "label": 2},
    {"do": "relabel", "photographs": [0], "label": -1}, {"do": "relabel", "photographs": [0], "label": "dög"},
    {"do": "relabel", "photographs": [0], "label": 0}, {"do": "keep-both", "photographs": [0]},
    {"do": "keep-both", "photographs": [0, 0]}, {"do": "keep-both", "photographs": [0, 1, 2]},
]  # fmt: skip


@pytest.mark.parametrize("body", BAD, ids=str)
def test_a_decision_that_makes_no_sense_is_refused_in_words(client: FlaskClient, folder: Path, body: Any):
    before = contents(folder)
    response = client.post(f"/{ADDRESS}/decisions", json=body)
    assert response.status_code == 400
    assert response.json["detail"].endswith(".")
    assert contents(folder) == before


def test_undoing_nothing_is_refused_in_words(client: FlaskClient):
    assert client.post(f"/{ADDRESS}/undo", json={}).json["detail"] == "There is nothing to undo."


@pytest.mark.parametrize(("size", "side"), [("small", 256), ("large", 900), ("full", 900)])
def test_pictures_are_upright_and_small(client: FlaskClient, folder: Path, size: str, side: int):
    (folder / "cat" / "1.jpg").write_bytes(encode(store(LARGE, 6), "JPEG", orientation=6))
    number = next(
        one["id"] for one in client.get(f"/{ADDRESS}/state.json").json["photographs"] if one["name"] == "cat/1.jpg"
    )
    response = client.get(f"/{ADDRESS}/photographs/{number}/{size}")
    assert response.headers["Cache-Control"] == "private, max-age=3600"
    shown = decode_image(response.data, orientation=1, limits=ImageLimits()).pixels
    assert shown.shape[1] == side
    assert np.abs(shown[10, 10].astype(int) - LARGE[10, 10]).max() < 20


def test_a_photograph_that_cannot_be_read_is_told_so(client: FlaskClient, folder: Path):
    for path in folder.rglob("*.jpg"):
        path.write_bytes(path.read_bytes()[:200])
    response = client.get(f"/{ADDRESS}/photographs/0/small")
    assert (response.status_code, response.json["title"]) == (422, "This image cannot be used")


def test_a_photograph_that_is_gone_is_told_so(client: FlaskClient, folder: Path):
    for path in folder.rglob("*.jpg"):
        path.unlink()
    assert client.get(f"/{ADDRESS}/photographs/0/small").status_code == 409
    response = client.post(f"/{ADDRESS}/decisions", json={"do": "delete", "photographs": [0]})
    assert (response.status_code, response.json["title"]) == (409, "The folder has changed")
