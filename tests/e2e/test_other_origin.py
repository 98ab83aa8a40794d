"""The page on another site than the API, as on GitHub Pages."""

# ruff: noqa: RUF001, the page has typographic signs

import functools
import http.server
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from harness.gunicorn_server import PROJECT, GunicornServer, running_server
from harness.pictures import encode
from tests.e2e.answers import make_answer
from tests.e2e.complaints import SERVER_GONE, Complaints
from tests.e2e.conftest import OpenScreen
from tests.e2e.hostile_server import hostile_server

SUBFOLDER = "pagesight"  # a project's page on GitHub Pages is at /repository/
CORS_REFUSAL = (r"blocked by CORS policy", r"net::ERR_FAILED", r"status of 403")
POST_TEXT = """async url => {
    const form = new FormData();
    form.append('file', new Blob(['Dear diary'], {type: 'text/plain'}), 'diary.txt');
    const answer = await fetch(url, {method: 'POST', body: form});
    const headers = ['Content-Type', 'X-Request-ID'].map(name => answer.headers.get(name));
    return [answer.status, ...headers, await answer.json()];
}"""
BUILD_LIMIT_S = 120


@dataclass(frozen=True, slots=True)
class Sites:
    """Two copies of one page at different origins, of which the API knows one."""

    known: str
    unknown: str
    folder: Path
    api: GunicornServer


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def static_site(folder: Path) -> Iterator[str]:
    """Serve a folder; give the origin."""
    handler = functools.partial(QuietHandler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as site:
        thread = threading.Thread(target=site.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{site.server_port}"
        finally:
            site.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    folder = tmp_path_factory.mktemp("sites")
    with ExitStack() as running:
        known, unknown = (running.enter_context(static_site(folder)) for _ in range(2))
        api = running.enter_context(running_server(PAGESIGHT_ALLOWED_ORIGINS=known, PAGESIGHT_MAX_UPLOAD_MB="0.5"))
        build_page(folder / SUBFOLDER, api.url)
        yield Sites(f"{known}/{SUBFOLDER}/", f"{unknown}/{SUBFOLDER}/", folder, api)


def build_page(folder: Path, api_url: str) -> None:
    """Build the page for an API elsewhere, as the workflow that deploys it does."""
    vite = ["npx", "--no-install", "vite", "build", "--logLevel", "warn", "--emptyOutDir", "--outDir", str(folder)]
    environment = os.environ | {"VITE_API_URL": api_url}
    built = subprocess.run(vite, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=BUILD_LIMIT_S)
    assert built.returncode == 0, built.stderr


def test_page_of_a_known_origin_works(sites: Sites, open_screen: OpenScreen, photographs: dict[str, Path]) -> None:
    screen = open_screen(sites.known)
    expect(screen.status).to_have_text("Online · yolov3-tiny")
    screen.choose(photographs["dog"])
    assert {label for label, _ in screen.await_result()} >= {"dog", "bicycle"}
    screen.reset.click()
    screen.example("eagle").click()
    assert "bird" in dict(screen.await_result())


def test_page_of_a_known_origin_reads_what_was_refused(
    sites: Sites, open_screen: OpenScreen, complaints: Complaints
) -> None:
    complaints.expect(r"status of 413", r"status of 422")
    screen = open_screen(sites.known)
    noise = np.random.default_rng(0).integers(0, 256, (900, 1200, 3), np.uint8)
    screen.choose(encode(noise, "JPEG"))
    screen.await_error("This file is too large")
    expect(screen.error).to_contain_text("0.5 MB")
    screen.reset.click()
    screen.choose(b"\x89PNG\r\n\x1a\n" + bytes(100), name="broken.png", media_type="image/png")
    screen.await_error("This photo can’t be used")


def test_problems_and_their_headers_are_readable_at_a_known_origin(
    sites: Sites, open_screen: OpenScreen, complaints: Complaints
) -> None:
    complaints.expect(r"status of 415")
    screen = open_screen(sites.known)
    status, media_type, request_id, problem = screen.page.evaluate(POST_TEXT, sites.api.url)
    assert (status, media_type, problem["status"]) == (415, "application/problem+json", 415)
    assert problem["request_id"] == request_id


def test_page_of_an_unknown_origin_is_told_and_shows_no_result(
    sites: Sites, open_screen: OpenScreen, complaints: Complaints, photographs: dict[str, Path]
) -> None:
    complaints.expect(*CORS_REFUSAL)
    screen = open_screen(sites.unknown)
    screen.await_light("offline")
    expect(screen.page.locator("#status-detail")).to_contain_text("it does not accept this page")
    screen.choose(photographs["dog"])
    screen.await_error("The server does not accept this page")
    origin = screen.page.evaluate("location.origin")
    expect(screen.error).to_contain_text(f"set PAGESIGHT_ALLOWED_ORIGINS={origin} where it runs")
    expect(screen.items).to_have_count(0)


def test_page_is_told_that_it_may_not_read_answers_without_cors_headers(
    sites: Sites, open_screen: OpenScreen, complaints: Complaints, photographs: dict[str, Path], tmp_path: Path
) -> None:
    # The site ends before the browser does, which may then still load a part.
    complaints.expect(*CORS_REFUSAL, SERVER_GONE, r"status of 501", r"net::ERR_ABORTED")
    with hostile_server(200, json.dumps(make_answer()).encode()) as mute, static_site(tmp_path) as site:
        shutil.copytree(sites.folder / SUBFOLDER, tmp_path, dirs_exist_ok=True)
        for file in [tmp_path / "index.html", *tmp_path.glob("assets/*.js")]:
            file.write_text(file.read_text().replace(sites.api.url, mute.url))
        screen = open_screen(site)
        screen.await_light("offline")
        expect(screen.page.locator("#status-detail")).to_contain_text("this page may not read its answers")
        screen.choose(photographs["dog"])
        screen.await_error("This page may not read the server’s answers")
        expect(screen.error).to_contain_text(f"PAGESIGHT_ALLOWED_ORIGINS={site} where it runs")


def test_page_of_a_known_origin_is_told_when_the_api_is_gone(
    sites: Sites, open_screen: OpenScreen, complaints: Complaints, photographs: dict[str, Path]
) -> None:
    complaints.expect(SERVER_GONE)
    screen = open_screen(sites.known)
    screen.await_light("online")
    sites.api.stop()
    try:
        screen.choose(photographs["dog"])
        screen.await_error("The server can’t be reached")
        screen.await_light("offline")
    finally:
        sites.api.start()
    screen.await_result()
