"""The same page on the visitor's own device: with the server there, away, busy, and with photographs that are kept."""

# ruff: noqa: RUF001, the page has typographic signs

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Route, expect

from harness.gunicorn_server import GunicornServer
from tests.e2e.answers import make_answer
from tests.e2e.complaints import Complaints
from tests.e2e.conftest import DEVICE_MODEL as MODEL
from tests.e2e.conftest import OpenScreen
from tests.e2e.hostile_server import hostile_server
from tests.e2e.screen import Screen
from tests.e2e.test_accessibility import NARROW, violations
from tests.e2e.test_layout import assert_fits
from tests.e2e.test_offline import await_kept
from tests.e2e.test_orientation import ORIENTATIONS, as_camera_stores

OWN = re.compile(r"/device/|\.wasm|/assets/(?:device|computer|stand-in)")  # what nobody needs while the API answers
HEAVY = re.compile(r"/device/|\.wasm")  # what no browser keeps whose visitors do without
FIRST_USE_MAX_BYTES = 8_000_000
BOX_PX = 2
CONFIDENCE = 0.01
SAVED = "JSON"
REFUSED = (r"net::ERR_CONNECTION_REFUSED",)
TURNED_AWAY = (r"status of 503",)
NOTE_PROGRESS = """() => {
    window.told = [];
    const text = document.querySelector('#progress-text');
    new MutationObserver(() => window.told.push(text.textContent)).observe(text, {childList: true, subtree: true});
}"""
ARE_KEPT = """async paths => (await Promise.all(paths.map(path => caches.match(path)))).every(Boolean)"""
SAVE_DATA = "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})"


@pytest.fixture
def page(with_device: GunicornServer, open_screen: OpenScreen) -> Screen:
    """The page, with the server there."""
    screen = open_screen(with_device.url)
    screen.await_light("online")
    return screen


class Line:
    """The way to the API: what is sent on it, and who answers in the API's place."""

    def __init__(self, screen: Screen) -> None:
        self.sent: list[str] = []
        self._screen = screen
        screen.page.on("request", lambda request: self.sent.append(request.url) if request.method == "POST" else None)

    def cut(self) -> None:
        """Let nobody answer, though what the page itself is made of still comes."""
        self._screen.page.route(is_api, lambda route: route.abort("connectionrefused"))
        self._screen.come_back_to_tab()
        self._screen.await_light("offline")

    def mend(self) -> None:
        self._screen.page.unroute(is_api)
        self._screen.come_back_to_tab()
        self._screen.await_light("online")

    def turn_away(self, retry_after_s: int) -> None:
        """Let the API be too busy for photographs."""
        headers = {"Retry-After": str(retry_after_s), "Access-Control-Expose-Headers": "Retry-After"}

        def answer(route: Route) -> None:
            if route.request.method == "POST":
                route.fulfill(status=503, headers=headers, content_type="application/problem+json", body="{}")
            else:
                route.continue_()

        self._screen.page.route(is_api, answer)


def is_api(url: str) -> bool:
    return urlsplit(url).path in ("/", "/status_check", "/v1/models", "/v1/labels")


def keep_here(screen: Screen) -> None:
    screen.page.get_by_label("Keep my photos on this device").check()


def saved(screen: Screen) -> dict[str, Any]:
    """Return what the page keeps of its result."""
    screen.page.locator("#save").click()
    with screen.page.expect_download() as download:
        screen.page.locator("#save-menu button", has=screen.page.get_by_text(SAVED, exact=True)).click()
    return json.loads(download.value.path().read_bytes())


def look_at(screen: Screen, photo: Path | bytes, name: str = "photo.jpg") -> dict[str, Any]:
    screen.choose(photo, name=name)
    screen.await_state("result")
    found = saved(screen)
    screen.reset.click()
    screen.await_state("empty")
    return found


def examples_and_turned(photographs: dict[str, Path]) -> dict[str, Path | bytes]:
    """Return the example photographs, and the dog as cameras store it in each of Exif's orientations."""
    with Image.open(photographs["dog"]) as dog:
        pixels = np.array(dog.convert("RGB"))
    turned = {f"exif-{turn}.jpg": as_camera_stores(pixels, turn) for turn in ORIENTATIONS}
    return {path.name: path for path in photographs.values()} | turned


def assert_place(screen: Screen, place: str) -> None:
    expect(screen.page.locator("#place")).to_have_text(place)


def assert_same(found: dict[str, Any], expected: dict[str, Any]) -> None:
    assert [one["label"] for one in found["detections"]] == [one["label"] for one in expected["detections"]]
    for one, other in zip(found["detections"], expected["detections"], strict=True):
        assert one["confidence"] == pytest.approx(other["confidence"], abs=CONFIDENCE)
        assert [*one["box"].values()] == pytest.approx([*other["box"].values()], abs=BOX_PX)


def test_nothing_is_fetched_for_the_device_while_the_api_answers(
    with_device: GunicornServer, open_screen: OpenScreen, photographs: dict[str, Path]
) -> None:
    screen = open_screen("about:blank")
    asked: list[str] = []
    screen.page.on("request", lambda request: asked.append(request.url))
    screen.page.goto(with_device.url, wait_until="networkidle")
    screen.await_light("online")
    screen.choose(photographs["dog"])
    screen.await_result()
    screen.page.wait_for_load_state("networkidle")
    assert_place(screen, f"By the server, with {MODEL}")
    assert len(asked) > 10
    assert [url for url in asked if OWN.search(url)] == []


def test_device_finds_what_the_api_finds(page: Screen, photographs: dict[str, Path]) -> None:
    photos = examples_and_turned(photographs)
    by_server = {name: look_at(page, photo, name) for name, photo in photos.items()}
    line = Line(page)
    keep_here(page)
    for name, photo in photos.items():
        assert_same(look_at(page, photo, name), by_server[name])
    assert sum(len(answer["detections"]) for answer in by_server.values()) > 30
    assert line.sent == []


def test_page_goes_on_without_the_server_and_says_so(
    page: Screen, complaints: Complaints, photographs: dict[str, Path]
) -> None:
    complaints.expect(*REFUSED)
    line = Line(page)
    line.cut()
    note = page.page.locator("#offline-note")
    expect(note).to_contain_text(re.compile(rf"with {MODEL} \(loads \d\.\d\sMB once\); no photo leaves it"))
    expect(page.page.locator("#privacy-note")).to_be_hidden()
    sizes: list[int] = []
    page.page.on("response", lambda response: sizes.append(len(response.body())) if OWN.search(response.url) else None)
    page.page.evaluate(NOTE_PROGRESS)
    page.choose(photographs["dog"])
    page.await_state("result")
    told = page.page.evaluate("window.told")
    assert not any("Uploading" in text for text in told)
    assert any(re.match(rf"Loading {MODEL} onto this device… \d\.\d of \d\.\d\sMB, once", text) for text in told), told
    assert page.found()[0][0] == "dog"
    assert_place(page, f"On this device, with {MODEL}")
    expect(page.page.locator("#caption")).to_contain_text("found on this device in")
    assert page.status.inner_text() == "Offline", "the light stays honest"
    assert line.sent == []
    assert 1_000_000 < sum(sizes) < FIRST_USE_MAX_BYTES
    assert len(page.found()) == len(saved(page)["detections"])
    page.reset.click()

    line.mend()
    page.choose(photographs["eagle"])
    page.await_result()
    assert_place(page, f"By the server, with {MODEL}")


def test_device_stands_in_for_a_server_that_asks_to_wait_for_longer(
    page: Screen, complaints: Complaints, photographs: dict[str, Path]
) -> None:
    complaints.expect(*TURNED_AWAY)
    Line(page).turn_away(retry_after_s=120)
    page.choose(photographs["dog"])
    page.await_state("result")
    assert_place(page, f"On this device, with {MODEL}")
    page.page.evaluate("localStorage.setItem('pagesight.device-ms', '9000')")  # as a slow device would have measured
    page.page.unroute(is_api)
    page.reset.click()
    Line(page).turn_away(retry_after_s=5)
    page.choose(photographs["eagle"])
    page.await_state("error")
    expect(page.page.locator("#again")).to_contain_text("Goes on by itself")


def test_device_takes_over_from_a_queue_that_takes_longer(
    with_device: GunicornServer, open_screen: OpenScreen, complaints: Complaints, photographs: dict[str, Path]
) -> None:
    """The server has the photograph already, and tells that others come first."""
    complaints.expect(r"^request: POST .* net::ERR_ABORTED")  # what is given up
    with hostile_server(200, json.dumps(make_answer()).encode()) as server:
        server.folder = Path(with_device.environment["PAGESIGHT_SITE_DIR"])
        with open_screen(server.url) as screen:
            screen.await_light("online")
            screen.choose(photographs["eagle"])  # from which the page knows how long a photograph takes there
            screen.await_result()
            screen.reset.click()
            server.gate.clear()
            server.queue |= {"running": 1, "waiting": 900, "capacity": 999}
            screen.choose(photographs["dog"])
            screen.await_state("result")
            assert_place(screen, f"On this device, with {MODEL}")


def test_visitor_keeps_their_photographs(
    with_device: GunicornServer, page: Screen, complaints: Complaints, photographs: dict[str, Path]
) -> None:
    line = Line(page)
    keep_here(page)
    expect(page.page.locator("#kept-note")).to_have_text("Your photo stays on this device.")
    page.choose(photographs["dog"])
    page.await_state("result")
    assert_place(page, f"On this device, with {MODEL}")
    page.page.reload()
    page.await_light("online")
    expect(page.page.locator("#keep")).to_be_checked()
    expect(page.page.locator("#privacy-note")).to_be_hidden()
    page.choose(photographs["eagle"])
    page.await_state("result")
    assert_place(page, f"On this device, with {MODEL}")
    assert line.sent == []
    page.page.locator("#keep").uncheck()
    page.reset.click()
    page.choose(photographs["eagle"])
    page.await_result()
    assert_place(page, f"By the server, with {MODEL}")
    assert line.sent == [f"{with_device.url}/"]


def test_kept_photograph_is_edited_and_saved_like_any_other(page: Screen, photographs: dict[str, Path]) -> None:
    keep_here(page)
    page.choose(photographs["dog"])
    page.await_state("result")
    before = saved(page)["detections"]
    page.page.locator("#edit").click()
    page.page.locator("#marks [role=button]").first.focus()
    page.page.keyboard.press("Delete")
    page.page.locator("#edit").click()
    assert len(saved(page)["detections"]) == len(before) - 1
    expect(page.page.locator("#as-server-row")).to_be_hidden()


def test_visitor_is_asked_where_bytes_may_cost_something(
    with_device: GunicornServer, open_screen: OpenScreen, complaints: Complaints, photographs: dict[str, Path]
) -> None:
    complaints.expect(*REFUSED)
    screen = open_screen("about:blank")
    screen.page.add_init_script(SAVE_DATA)
    screen.page.goto(with_device.url)
    screen.await_light("online")
    asked: list[str] = []
    screen.page.on("request", lambda request: asked.append(request.url))
    Line(screen).cut()
    screen.choose(photographs["dog"])
    dialog = screen.page.get_by_role("dialog")
    expect(dialog).to_contain_text(re.compile(rf"loads {MODEL}, \d\.\d\sMB, once"))
    dialog.get_by_role("button", name="Close").click()
    screen.await_error("The server can’t be reached")
    assert not any(url.endswith(".gz") for url in asked)
    screen.retry.click()
    dialog.get_by_role("button", name=re.compile(r"^Load \d\.\d\sMB$")).click()
    screen.await_state("result")
    assert_place(screen, f"On this device, with {MODEL}")


def test_second_use_needs_no_network(
    with_device: GunicornServer, open_screen: OpenScreen, complaints: Complaints, photographs: dict[str, Path]
) -> None:
    complaints.expect("net::ERR_INTERNET_DISCONNECTED")
    screen = open_screen(with_device.url, service_workers="allow")
    context = screen.page.context
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    screen.await_light("online")
    photos = examples_and_turned(photographs)
    by_server = {name: look_at(screen, photo, name) for name, photo in photos.items()}
    await_kept(screen)
    assert any("/version.json" in url for url in asked)
    assert not any(HEAVY.search(url) for url in asked), "the server has computed"
    keep_here(screen)
    screen.choose(photographs["dog"])
    screen.await_state("result")
    later = with_device.client.get("/version.json").json["later"]
    screen.wait_until(lambda: screen.page.evaluate(ARE_KEPT, later), "not all is kept that computes")

    context.set_offline(True)
    screen.page.reload()
    screen.await_light("offline")
    for name, photo in photos.items():
        assert_same(look_at(screen, photo, name), by_server[name])
    screen.example("Eagle").click()
    screen.await_state("result")
    assert "bird" in dict(screen.found())
    assert_place(screen, f"On this device, with {MODEL}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_all_fits_where_the_device_computes(
    with_device: GunicornServer, open_screen: OpenScreen, photographs: dict[str, Path], scheme: str
) -> None:
    screen = open_screen(with_device.url, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True, **NARROW)
    keep_here(screen)
    assert violations(screen) == []
    screen.choose(photographs["dog"])
    screen.await_state("result")
    screen.page.locator("#more summary").click()
    assert violations(screen) == []
    assert_fits(screen)
