"""api/web/static_page.py: the built page is served, what is beside it is not."""

import gzip
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.app import create_app
from api.settings import Settings
from api.work.loaded_models import LoadedModels

INDEX = "<!doctype html><title>Pagesight</title>"
NOT_SERVED = [
    "/missing.js",
    "/assets",
    "/assets/",
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/assets/../../secret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "//etc/passwd",
    "/%2fetc/passwd",
    "/\\..\\secret.txt",
    "/index.html%00.js",
    "/" + "a" * 1000,
    "/index.html/more",
]


@pytest.fixture
def built_page(settings: Settings) -> Path:
    folder = settings.site_dir / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(INDEX)
    (folder / "favicon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (folder / "assets" / "main-B4dC0d3.js").write_text("export {};")
    (folder.parent / "secret.txt").write_text("secret")
    return folder


@pytest.fixture
def page(built_page: Path, models: LoadedModels) -> FlaskClient:
    app: Flask = create_app(Settings(site_dir=built_page), models)
    return app.test_client()


@pytest.mark.parametrize("path", ["/", "/index.html"])
def test_serves_the_index(page: FlaskClient, path: str):
    answer = page.get(path, buffered=True)
    assert (answer.status_code, answer.mimetype, answer.text) == (200, "text/html", INDEX)
    assert answer.headers["Cache-Control"] == "no-cache"


def test_assets_never_change(page: FlaskClient):
    answer = page.get("/assets/main-B4dC0d3.js", buffered=True)
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_other_files_are_asked_for_again(page: FlaskClient):
    answer = page.get("/favicon.svg", buffered=True)
    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Cache-Control"] == "no-cache"
    again = page.get("/favicon.svg", headers={"If-None-Match": answer.headers["ETag"]}, buffered=True)
    assert again.status_code == 304


def test_answers_head_without_a_body(page: FlaskClient):
    answer = page.head("/", buffered=True)
    assert (answer.status_code, answer.data) == (200, b"")
    assert int(answer.headers["Content-Length"]) == len(INDEX)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("sw.js", "text/javascript"),
        ("version.json", "application/json"),
        ("manifest.webmanifest", "application/manifest+json"),
        ("device/model.json", "application/json"),
    ],
)
def test_what_tells_of_a_new_version_is_asked_for_again(
    page: FlaskClient, built_page: Path, name: str, media_type: str
):
    (built_page / "device").mkdir()
    (built_page / name).write_text("{}")
    answer = page.get(f"/{name}", buffered=True)
    assert (answer.status_code, answer.mimetype) == (200, media_type)
    assert answer.headers["Cache-Control"] == "no-cache"


def test_model_for_browsers_is_sent_as_it_is_and_never_changes(page: FlaskClient, built_page: Path):
    packed = gzip.compress(b"model")
    (built_page / "device").mkdir()
    (built_page / "device" / "mine-0a1b2c3d.onnx.gz").write_bytes(packed)
    answer = page.get("/device/mine-0a1b2c3d.onnx.gz", headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert (answer.data, answer.mimetype) == (packed, "application/gzip")
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("path", NOT_SERVED)
def test_what_is_no_file_of_the_page_is_unknown(page: FlaskClient, path: str):
    answer = page.get(path, buffered=True)
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert "secret" not in answer.json["detail"]


def test_page_does_not_hide_the_routes(page: FlaskClient, built_page: Path):
    assert page.get("/status_check").json["message"] == "GET request received"
    (built_page / "favicon.svg").unlink()
    assert page.post("/").status_code == 400


def test_a_folder_that_is_relative_is_that_of_the_process(
    built_page: Path, models: LoadedModels, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(built_page.parent)
    app = create_app(Settings(site_dir=Path("dist")), models)
    monkeypatch.chdir("/")
    assert app.test_client().get("/", buffered=True).text == INDEX


def test_without_a_built_page_there_is_only_the_api(client: FlaskClient):
    answer = client.get("/")
    assert answer.status_code == 405
    assert "GET is not for this address" in answer.json["detail"]


def test_sends_a_compressed_twin_to_who_reads_it(page: FlaskClient, built_page: Path):
    script = built_page / "assets" / "main-B4dC0d3.js"
    script.with_name(f"{script.name}.gz").write_bytes(gzip.compress(script.read_bytes()))
    path = f"/assets/{script.name}"
    answer = page.get(path, headers={"Accept-Encoding": "br, gzip"}, buffered=True)
    assert gzip.decompress(answer.data) == script.read_bytes()
    assert (answer.headers["Content-Encoding"], answer.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert answer.mimetype == "text/javascript"
    for asked in ("identity", "gzip;q=0", ""):
        plain = page.get(path, headers={"Accept-Encoding": asked}, buffered=True)
        assert plain.data == script.read_bytes()
        assert "Content-Encoding" not in plain.headers
        assert plain.headers["Vary"] == "Accept-Encoding"
        assert plain.headers["ETag"] != answer.headers["ETag"]


def test_only_the_page_may_be_embedded_and_only_by_those_named(built_page: Path, models: LoadedModels):
    settings = Settings(site_dir=built_page, embedders=("https://lab.example", "https://other.example"))
    client = create_app(settings, models).test_client()
    policy = "frame-ancestors 'self' https://lab.example https://other.example"
    assert client.get("/", buffered=True).headers["Content-Security-Policy"] == policy
    assert "Content-Security-Policy" not in client.get("/status_check").headers


def test_nobody_may_embed_by_default(page: FlaskClient):
    assert page.get("/", buffered=True).headers["X-Frame-Options"] == "DENY"
    assert "Content-Security-Policy" not in page.get("/", buffered=True).headers
