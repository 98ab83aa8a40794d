"""The page of `make clean-data` in a real browser: what is decided there is so in the folder."""

import http.client
import http.server
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from api.training.run import Run
from harness.cleaning_program import cleaning
from harness.trained_runs import make_run
from tests.api.cleaning.folders import contents, make_table
from tests.e2e.complaints import SERVER_GONE, Complaints
from tests.e2e.conftest import OpenScreen
from tests.e2e.screen import Screen
from tests.e2e.test_accessibility import PHONE, violations
from tests.e2e.test_layout import assert_fits

pytestmark = pytest.mark.long

WRONG = {3: 1, 17: 2, 25: 0}  # photographs by their numbers, and the labels that they should not have
COPIES = (8, 30)
MANY = 2000
DIFFERENT = 32  # of them
MOST_CARDS = 150  # in the page at once, whatever there is

PRESS_AT_ONCE = """keys => {
    for (const key of keys) document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
}"""

Open = Callable[..., Screen]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A training of 60 photographs: three labels are wrong, and one photograph is there twice."""
    made = make_run(wrong=WRONG, data=tmp_path / "insects")
    shown = made.thumbnail.copy()
    shown[COPIES[1]] = shown[COPIES[0]]
    made = replace(made, thumbnail=shown)
    made.save(tmp_path / "weights" / "insects.training")
    return made


@pytest.fixture
def open_data(open_screen: OpenScreen, tmp_path: Path) -> Iterator[Open]:
    """Start the program for a folder and open its page: `open_data(folder, "insects", color_scheme="dark")`."""
    with ExitStack() as programs:
        (tmp_path / "weights").mkdir(exist_ok=True)

        def open_(folder: Path, *arguments: str, **options: object) -> Screen:
            address = programs.enter_context(
                cleaning(folder, *arguments, PAGESIGHT_WEIGHTS_DIR=str(tmp_path / "weights"))
            )
            screen = open_screen(address, **options)
            programs.callback(screen.page.close)  # before its program ends: it may still load a picture
            expect(screen.page.locator("h1")).to_contain_text(folder.name)
            expect(screen.page.locator(":focus")).to_have_count(1)  # the keys are for the photographs
            return screen

        yield open_


@pytest.fixture
def doubts(open_data: Open, run: Run) -> Page:
    """The page with the doubtful labels of the training."""
    return open_data(run.data, "insects").page


def names_shown(page: Page) -> list[str]:
    return page.locator("#cards .card-name").all_inner_texts()


def current(page: Page) -> str:
    return page.locator(".card.is-current .card-name").inner_text()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def is_there(folder: Path, name: str) -> bool:
    return (folder / name).is_file()


def test_keys_alone_relabel_delete_keep_and_undo(doubts: Page, run: Run):
    before = contents(run.data)
    worst = names_shown(doubts)
    assert set(worst) == {run.photographs[place] for place in WRONG}
    expect(doubts.locator("#grid")).to_be_focused()
    press(doubts, "3")  # ant, bee, cat
    expect(doubts.locator("#status")).to_contain_text("1 photo now “cat”")
    name = worst[0].rpartition("/")[2]
    assert not is_there(run.data, worst[0])
    assert any(path.name.startswith(name.split(".")[0]) for path in (run.data / "cat").iterdir())
    expect(doubts.locator(".card.is-current .card-name")).to_have_text(worst[1])
    press(doubts, "Delete")
    expect(doubts.locator("#status")).to_contain_text(".trash")
    assert not is_there(run.data, worst[1])
    assert is_there(run.data / ".trash", worst[1])
    press(doubts, "Enter")
    expect(doubts.locator("#nothing")).to_contain_text("Nothing is doubtful any more")
    expect(doubts.locator("#nothing")).to_be_focused()
    press(doubts, "z", "z", "z")
    expect(doubts.locator("#cards .card")).to_have_count(3)
    assert contents(run.data) == before
    assert names_shown(doubts) == worst
    expect(doubts.locator("#undo")).to_have_attribute("aria-disabled", "true")


def test_quick_keys_are_each_for_the_photograph_that_is_then_meant(doubts: Page, run: Run):
    worst = names_shown(doubts)
    doubts.evaluate(PRESS_AT_ONCE, ["Delete", "Enter", "Delete"])
    expect(doubts.locator("#nothing")).to_be_visible()
    assert [is_there(run.data, name) for name in worst] == [False, True, False]


def test_the_pointer_does_all_of_it_too(doubts: Page, run: Run):
    before = contents(run.data)
    worst = names_shown(doubts)
    doubts.locator(".card", has_text=worst[1]).click()
    doubts.get_by_role("button", name="ant", exact=True).click()
    expect(doubts.locator("#status")).to_contain_text("now “ant”" if not worst[1].startswith("ant/") else "right")
    expect(doubts.locator("#grid")).to_be_focused()
    doubts.get_by_role("button", name="Delete").click()
    expect(doubts.locator("#status")).to_contain_text(".trash")
    for _ in range(2):
        doubts.get_by_role("button", name="Undo").click()
        expect(doubts.locator("#status")).to_contain_text("Undone")
        doubts.locator("#status").evaluate("status => { status.textContent = ''; }")
    assert contents(run.data) == before


def test_several_at_once(doubts: Page, run: Run):
    doubts.get_by_role("button", name="All 60").click()
    press(doubts, "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight")
    expect(doubts.locator("#chosen")).to_have_text("3 photos chosen")
    press(doubts, "2")
    expect(doubts.locator("#status")).to_contain_text("3 photos now “bee”")
    press(doubts, "z")
    expect(doubts.locator("#status")).to_contain_text("Undone: 3 photos")
    doubts.locator("#filter").select_option("cat")
    doubts.locator("#grid").focus()
    cats = len(list((run.data / "cat").iterdir()))
    press(doubts, "ControlOrMeta+a", "Delete")
    expect(doubts.locator("#status")).to_contain_text(f"{cats} photos moved into the folder .trash")
    assert list((run.data / "cat").iterdir()) == []
    press(doubts, "z")
    expect(doubts.locator("#status")).to_contain_text("Undone")
    assert len(list((run.data / "cat").iterdir())) == cats
    doubts.locator(".card-tick").nth(0).click()
    doubts.locator(".card-tick").nth(2).click()
    expect(doubts.locator("#chosen")).to_have_text("2 photos chosen")
    press(doubts, "Escape")
    expect(doubts.locator("#chosen")).to_have_text("")


def test_what_was_decided_is_not_asked_again(open_data: Open, run: Run):
    first = open_data(run.data, "insects").page
    kept = current(first)
    press(first, "Enter")
    expect(first.locator("#cards .card")).to_have_count(2)
    second = open_data(run.data, "insects").page
    expect(second.locator("#cards .card")).to_have_count(2)
    assert kept not in names_shown(second)
    press(second, "z")
    expect(second.locator(".card.is-current .card-name")).to_have_text(kept)


def test_copies_are_side_by_side(doubts: Page, run: Run):
    one, other = (run.photographs[place] for place in COPIES)
    doubts.get_by_role("button", name="Copies 1").click()
    pair = doubts.locator("#pair")
    expect(pair).to_have_attribute("aria-label", "Pair 1 of 1")
    expect(pair).to_be_focused()
    assert set(pair.locator(".card-name").all_inner_texts()) == {one, other}
    for picture in pair.locator("img").all():
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("picture => picture.naturalWidth") > 0
    press(doubts, "Enter")
    expect(doubts.locator("#nothing")).to_contain_text("No copies are left")
    press(doubts, "z", "ArrowRight")
    expect(pair.locator(".side").nth(1)).to_have_attribute("aria-selected", "true")
    name = pair.locator(".card-name").nth(1).inner_text()
    press(doubts, "Delete")
    expect(doubts.locator("#nothing")).to_be_visible()
    assert is_there(run.data / ".trash", name)


def test_a_table_is_rewritten(open_data: Open, tmp_path: Path):
    folder = make_table(tmp_path / "table")
    before = (folder / "labels.csv").read_bytes()
    page = open_data(folder).page
    expect(page.get_by_role("button", name="All 12")).to_have_attribute("aria-pressed", "true")
    name = current(page)
    press(page, "2")
    expect(page.locator("#status")).to_contain_text("1 photo now “dög”")
    assert f"{name},dög" in (folder / "labels.csv").read_text(encoding="utf-8-sig")
    assert (folder / ".trash" / "labels.csv").read_bytes() == before
    press(page, "z")
    expect(page.locator("#status")).to_contain_text("Undone")
    assert (folder / "labels.csv").read_bytes() == before


HOSTILE = [
    "<img src=x onerror=alert(1)>.jpg",
    "\u202egpj.exe.jpg",
    "';rm -rf .jpg",
    "%2e%2e%2f.jpg",
    "#?&.jpg",
    "x" * 200 + ".jpg",
]


def test_names_of_any_letters_are_shown_as_they_are(open_data: Open, tmp_path: Path):
    for label in ("<b onclick=alert(2)>", "good"):
        (tmp_path / "hostile" / label).mkdir(parents=True)
        for place, name in enumerate(HOSTILE):
            Image.new("RGB", (40 + place, 30), (200, 90, place)).save(tmp_path / "hostile" / label / name)
    before = contents(tmp_path / "hostile")
    page = open_data(tmp_path / "hostile").page
    page.on("dialog", lambda _: pytest.fail("something of a name was run"))
    assert len(names_shown(page)) == 12
    assert {name.rpartition("/")[2] for name in names_shown(page)} == {Path(name).name for name in before}
    expect(page.locator("#cards img[src]")).to_have_count(12)
    press(page, "ControlOrMeta+a", "2")
    expect(page.locator("#status")).to_contain_text("6 photos now “good”")
    press(page, "z")
    expect(page.locator("#status")).to_contain_text("Undone")
    assert contents(tmp_path / "hostile") == before


def test_a_file_that_cannot_be_read_is_told_and_can_be_deleted(open_data: Open, run: Run, complaints: Complaints):
    complaints.expect("422")
    (run.data / "ant" / "0-broken.png").write_bytes((run.data / "ant" / "0000.png").read_bytes()[:300])
    (run.data / "ant" / "empty.png").touch()
    page = open_data(run.data, "insects").page
    expect(page.locator("#left-out-title")).to_have_text("1 file is left out")
    page.get_by_role("button", name="All 61").click()
    expect(page.locator(".card.is-unreadable")).to_have_count(1)
    expect(page.locator(".card.is-unreadable .card-unreadable")).to_be_visible()
    page.locator(".card.is-unreadable").click()
    press(page, "Delete")
    expect(page.locator("#status")).to_contain_text(".trash")


def test_two_thousand_photographs(open_data: Open, tmp_path: Path):
    folder = tmp_path / "many"
    grey = np.linspace(0, 255, 64, dtype=np.uint8)[None, :, None].repeat(48, 0).repeat(3, 2)
    for number in range(MANY):
        path = folder / ("even", "odd")[number % 2] / f"{number:04}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        if number < DIFFERENT:
            Image.fromarray(np.roll(grey, number, axis=1)).save(path)
        else:
            path.hardlink_to(folder / ("even", "odd")[number % 2] / f"{number % DIFFERENT:04}.jpg")
    asked: list[str] = []
    screen = open_data(folder)
    page = screen.page
    page.on("request", lambda request: asked.append(request.url))
    cards = page.locator("#cards .card")
    for key, name in (("End", "odd/1999.jpg"), ("Home", "even/0000.jpg"), ("PageDown", None), ("End", "odd/1999.jpg")):
        press(page, key)
        if name:
            expect(page.locator(".card.is-current .card-name")).to_have_text(name)
        assert cards.count() < MOST_CARDS
    picture = page.locator(".card.is-current img")
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("picture => picture.naturalWidth") == 64
    assert len(asked) < 4 * MOST_CARDS
    expect(page.locator(".card.is-current")).to_have_attribute("aria-posinset", str(MANY))
    press(page, "ControlOrMeta+a")
    expect(page.locator("#chosen")).to_have_text("2,000 photos chosen")
    press(page, "1")
    expect(page.locator("#status")).to_contain_text("1,000 photos now “even”")
    assert len(list((folder / "even").iterdir())) == MANY
    press(page, "z")
    expect(page.locator("#status")).to_contain_text("Undone: 1,000 photos")
    assert len(list((folder / "odd").iterdir())) == MANY // 2


def test_nothing_goes_anywhere_else(open_data: Open, run: Run):
    asked: list[str] = []
    screen = open_data(run.data, "insects")
    screen.page.on("request", lambda request: asked.append(request.url))
    screen.page.reload()
    expect(screen.page.locator("#grid")).to_be_focused()
    press(screen.page, "Enter")
    expect(screen.page.locator("#status")).to_contain_text("right")
    address = screen.url.removesuffix("/")
    assert asked
    assert all(url.startswith(address) for url in asked)


def ask(address: str, path: str, body: object = None, **headers: str) -> int:
    """Ask the program, as another program would; returns the status."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc)
    given = {"Content-Type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
    connection.request("GET" if body is None else "POST", parts.path + path, body and json.dumps(body), given)
    return connection.getresponse().status


def test_other_sites_and_guesses_are_refused(run: Run):
    before = contents(run.data)
    delete = {"do": "delete", "photographs": [0]}
    with cleaning(run.data) as address:
        assert ask(address, "state.json") == 200
        assert ask(address, "decisions", delete, Origin="https://evil.example") == 403
        assert ask(address, "decisions", delete, Host="rebound.example") == 403
        assert ask(address, "state.json", Host=f"rebound.example:{urlsplit(address).port}") == 403
        assert ask(address, "photographs/0/small", Sec_Fetch_Site="cross-site") == 403
        guess = address.replace(urlsplit(address).path, "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/")
        assert ask(guess, "state.json") == 403
        assert ask(guess, "decisions", delete) == 403
        assert contents(run.data) == before
        assert ask(address, "decisions", delete, Origin=address.removesuffix(urlsplit(address).path)) == 200


def test_a_page_of_another_site_that_knows_the_address_can_do_nothing(
    open_screen: OpenScreen, run: Run, complaints: Complaints
):
    """As if the token had leaked: the browser says where a request comes from."""
    complaints.expect("403", "CORS", "ERR_FAILED", "ERR_BLOCKED_BY_RESPONSE", "Failed to load")
    before = contents(run.data)
    attack = """async address => {
        const body = JSON.stringify({do: 'delete', photographs: [0]});
        const headers = [{'Content-Type': 'application/json'}, {'Content-Type': 'text/plain'}];
        for (const given of headers) {
            for (const mode of ['cors', 'no-cors']) {
                await fetch(`${address}decisions`, {method: 'POST', body, headers: given, mode}).catch(() => {});
            }
        }
        const read = await fetch(`${address}state.json`).then(answer => answer.text()).catch(() => '');
        const picture = new Image();
        picture.src = `${address}photographs/0/small`;
        const isSeen = await new Promise(tell => {
            picture.onload = () => tell(true);
            picture.onerror = () => tell(false);
        });
        return {read, isSeen};
    }"""
    host = http.server.ThreadingHTTPServer(("127.0.0.1", 0), EmptyPage)
    threading.Thread(target=host.serve_forever, daemon=True).start()
    try:
        with cleaning(run.data) as address, open_screen(f"http://localhost:{host.server_port}/") as screen:
            assert screen.page.evaluate(attack, address) == {"read": "", "isSeen": False}
    finally:
        host.shutdown()
        host.server_close()
    assert contents(run.data) == before


class EmptyPage(http.server.BaseHTTPRequestHandler):
    """A page of another site."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><link rel=icon href=data:,><title>Evil</title>")

    def log_message(self, *_: object) -> None:
        pass


def test_a_program_that_has_ended_is_told_in_words(open_screen: OpenScreen, run: Run, complaints: Complaints):
    complaints.expect(SERVER_GONE)
    with cleaning(run.data) as address:
        page = open_screen(address).page
        expect(page.locator("#cards .card").first).to_be_visible()
        page.wait_for_function("() => [...document.images].every(picture => picture.complete)")
    press(page, "Enter")
    expect(page.locator("#failure")).to_contain_text("The program has ended. Start it again")


def test_a_folder_that_changed_is_told_in_words(doubts: Page, run: Run, complaints: Complaints):
    complaints.expect("409")
    (run.data / current(doubts)).unlink()
    press(doubts, "Delete")
    expect(doubts.locator("#failure")).to_contain_text("is not there any more")


def show_doubts(_: Page) -> None:
    """As it opens."""


def show_pairs(page: Page) -> None:
    page.get_by_role("button", name="Copies").click()
    expect(page.locator("#pair")).to_be_visible()


def show_all(page: Page) -> None:
    page.get_by_role("button", name="All").click()
    press(page, "Enter", "Shift+ArrowRight")
    expect(page.locator(".card.is-kept")).to_have_count(1)


def show_nothing(page: Page) -> None:
    page.get_by_role("button", name="Likely wrong").click()
    press(page, "ControlOrMeta+a", "Enter")
    expect(page.locator("#nothing")).to_be_visible()


SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
VIEWS = (show_doubts, show_pairs, show_all, show_nothing)


def test_axe_finds_nothing_in_any_view(open_data: Open, run: Run):
    screen = open_data(run.data, "insects", reduced_motion="reduce", bypass_csp=True)
    for show in VIEWS:
        show(screen.page)
        for scheme in SCHEMES:
            screen.page.emulate_media(color_scheme=scheme)
            assert violations(screen) == [], f"{show.__name__} {scheme}"


def test_it_fits_on_a_phone(open_data: Open, run: Run):
    screen = open_data(run.data, "insects", **PHONE)
    for show in VIEWS:
        show(screen.page)
        assert_fits(screen)


def test_it_speaks_german(open_data: Open, run: Run):
    page = open_data(run.data, "insects", locale="de-DE").page
    expect(page.locator("h1")).to_have_text("insects berichtigen")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    press(page, "Enter")
    expect(page.locator("#status")).to_contain_text("1 Foto so richtig.")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Likely wrong 2")).to_be_visible()
