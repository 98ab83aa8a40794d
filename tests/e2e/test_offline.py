"""The page without a network, its new versions, and what it stores: in a folder of a plain host, and from the API."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Response, expect

from harness.gunicorn_server import GunicornServer
from tests.e2e.chromium import find_chromium, flags
from tests.e2e.complaints import SERVER_GONE, Complaints
from tests.e2e.conftest import OpenScreen
from tests.e2e.screen import Screen
from tests.e2e.static_host import StaticHost
from tests.e2e.test_accessibility import NARROW, violations
from tests.e2e.test_layout import assert_fits

NO_API = r"status of 404.*/(status_check|v1/)"  # a plain host has none
# What the device would compute with, if the page has been built with such a model, is kept only if it was used.
NO_MODEL = (r"device/model\.json.*net::ERR_FAILED", r"net::ERR_FAILED.*device/model\.json")
MODEL = "device/mine-0a1b2c3d.onnx.gz"
INSTALL = "window.dispatchEvent(new Event('appinstalled'))"
IS_KEPT = "navigator.serviceWorker.controller?.state === 'activated'"
KEEP_ALL = "navigator.serviceWorker.controller.postMessage('keep-all')"
VERSION = "() => document.querySelector('meta[name=version]')?.content ?? 'first'"
LOADED = """() => performance.getEntriesByType('resource').map(({name}) => new URL(name).pathname)
    .filter(path => /\\.(js|css)$/.test(path)).map(path => path.slice(path.indexOf('assets/')))"""
STORED = """async () => ({
    caches: (await caches.keys()).length,
    preferences: Object.keys(localStorage).sort(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
IS_COMPLETE = """async version => {
    const cache = await caches.open(`pagesight-/repository/@${version}`);
    return Boolean(await cache.match('./'));
}"""
ROUTES = """() => performance.getEntriesByType('resource')
    .filter(({name}) => /status_check|v1/.test(name)).map(entry => entry.workerMatchedSourceType)"""
VERSIONS = "caches.keys().then(names => names.filter(name => !name.endsWith('large')))"
LARGE = """async () => {
    const files = await (await caches.open('pagesight-/repository/@large')).keys();
    return files.map(({url}) => new URL(url).pathname.replace('/repository/', '')).sort();
}"""
FETCH = """async path => {
    const answer = await fetch(path).catch(() => null);
    return answer && [answer.status, await answer.text()];
}"""
POST_TEXT = """async () => {
    const form = new FormData();
    form.append('file', new Blob(['Dear diary'], {type: 'text/plain'}), 'diary.txt');
    const answer = await fetch('./', {method: 'POST', body: form});
    return [answer.status, answer.headers.get('Content-Type'), (await answer.json()).status];
}"""
OF_OTHERS = """async () => {
    localStorage.setItem('other.theme', 'dark');
    await caches.open('pagesight-/elsewhere/@1');
}"""


@pytest.fixture
def host(tmp_path: Path, complaints: Complaints) -> Iterator[StaticHost]:
    # The last of what a device would compute with, if the page has been built with such a model.
    complaints.expect(
        NO_API, SERVER_GONE, r"device/model\.json.*net::ERR_FAILED", r"net::ERR_FAILED.*device/model\.json"
    )
    host = StaticHost(tmp_path)
    host.start()
    yield host
    host.stop()


def open_kept(open_screen: OpenScreen, url: str) -> Screen:
    """Open the page for the first time, in a browser that is to keep it; return once it does."""
    screen = open_screen(url, service_workers="allow")
    expect(screen.status).not_to_be_empty()  # it has started
    screen.page.evaluate(INSTALL)
    await_kept(screen)
    return screen


def await_kept(screen: Screen) -> None:
    screen.wait_until(lambda: screen.page.evaluate(IS_KEPT), "the browser does not keep the page")


def open_again(screen: Screen, complaints: Complaints) -> Screen:
    """Open the page in another tab of the same browser."""
    page = screen.page.context.new_page()
    complaints.watch(page)
    page.goto(screen.page.url)
    return Screen(page, screen.url)


def assert_whole(screen: Screen, version: str, files: list[str]) -> None:
    """The page is of this version, and so are all its parts, those too that come when they are asked for."""
    screen.page.get_by_role("button", name="Keys (?)").click()
    expect(screen.page.get_by_role("dialog", name="Keys")).to_be_visible()
    screen.page.keyboard.press("Escape")
    screen.page.get_by_role("button", name="Stored data").click()
    expect(screen.page.get_by_role("dialog", name="Stored data")).to_be_visible()
    screen.page.keyboard.press("Escape")
    assert screen.page.evaluate(VERSION) == version
    loaded = set(screen.page.evaluate(LOADED))
    assert any("windows" in name for name in loaded)
    assert loaded <= set(files)


def test_page_opens_in_a_folder_of_a_host_that_is_gone(
    host: StaticHost, open_screen: OpenScreen, complaints: Complaints
) -> None:
    first = open_kept(open_screen, host.url)
    host.stop()
    second = open_again(first, complaints)
    second.await_light("offline")
    assert_whole(second, "first", host.version()["ahead"])
    for thumbnail in second.page.locator(".example-picture").all():
        assert thumbnail.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 0
    host.start()


def test_page_of_the_api_is_kept_with_the_first_result_and_opens_without_a_network(
    server: GunicornServer, open_screen: OpenScreen, complaints: Complaints, photographs: dict[str, Path]
) -> None:
    complaints.expect("net::ERR_INTERNET_DISCONNECTED", *NO_MODEL)
    screen = open_screen(server.url, service_workers="allow")
    screen.await_light("online")
    screen.page.wait_for_load_state("networkidle")
    assert screen.page.evaluate(STORED)["workers"] == 0
    screen.choose(photographs["dog"])
    screen.await_result()
    await_kept(screen)
    screen.page.context.set_offline(True)
    screen.page.reload()
    screen.await_light("offline")
    screen.choose(photographs["dog"])
    screen.page.context.set_offline(False)
    assert {label for label, _ in screen.await_result()} >= {"dog", "bicycle"}


def test_what_the_api_is_asked_goes_past_the_service_worker(
    server: GunicornServer, open_screen: OpenScreen, complaints: Complaints, photographs: dict[str, Path]
) -> None:
    complaints.expect(r"status of 415", r"favicon\.ico")  # the latter of what is no page
    screen = open_kept(open_screen, server.url)
    answers: list[Response] = []
    screen.page.on("response", lambda answer: answers.append(answer))
    screen.page.reload()
    screen.await_light("online")
    screen.choose(photographs["dog"])
    assert {label for label, _ in screen.await_result()} >= {"dog", "bicycle"}
    assert screen.page.evaluate(POST_TEXT) == [415, "application/problem+json", 415]
    status, cards = screen.page.evaluate(FETCH, "v1/models")
    assert (status, json.loads(cards)["models"][0]["name"]) == (200, "yolov3-tiny")
    page = {f"{server.url}/", *(f"{server.url}/{name}" for name in read_version(server)["ahead"])}
    assert {answer.url for answer in answers if answer.from_service_worker} <= page
    passed = {
        (answer.request.method, answer.url.removeprefix(server.url))
        for answer in answers
        if not answer.from_service_worker
    }
    assert passed >= {("GET", "/status_check"), ("GET", "/v1/models"), ("POST", "/")}
    assert set(screen.page.evaluate(ROUTES)) == {"network"}  # Chromium did not even ask it
    document = screen.page.goto(f"{server.url}/openapi.json")  # of the scope, and not the page
    assert document is not None
    assert document.json()["openapi"]


def read_version(server: GunicornServer) -> dict[str, Any]:
    return dict(json.loads(server.client.get("/version.json").body))


def test_next_visit_has_the_new_version_and_an_open_page_goes_on_with_its_own_files(
    host: StaticHost, open_screen: OpenScreen, complaints: Complaints
) -> None:
    old = open_kept(open_screen, host.url)
    old_files = host.version()["ahead"]
    host.publish("second")  # nothing is left of the first one
    new_files = host.version()["ahead"]
    new = open_again(old, complaints)
    assert_whole(new, "second", new_files)
    assert_whole(old, "first", old_files)
    host.stop()
    old.page.reload()
    assert_whole(old, "second", new_files)
    host.start()
    new.page.close()
    old.page.goto("about:blank")
    old.page.goto(host.url)  # now no page is open that is of the first one
    old.wait_until(lambda: len(old.page.evaluate(VERSIONS)) == 1, "files of the first one are left")
    assert_whole(old, "second", new_files)


def test_version_that_is_not_whole_is_not_opened_before_it_is(
    host: StaticHost, open_screen: OpenScreen, complaints: Complaints
) -> None:
    screen = open_kept(open_screen, host.url)
    first_files = host.version()["ahead"]
    host.publish("second")
    second = host.version()
    file = host.page / second["ahead"][-1]
    away = file.rename(file.with_suffix(".away"))
    screen.page.reload()  # a file is missing
    assert screen.page.evaluate(VERSION) == "first"
    away.rename(file)
    (host.page / "assets" / "folder").mkdir()
    host.tell(ahead=[*second["ahead"], "assets/folder/"])
    screen.page.reload()  # in place of a file, the host sends a web page
    assert screen.page.evaluate(VERSION) == "first"
    host.tell(**second | {"page": f"sha256-{'A' * 43}="})
    screen.page.reload()  # the page is not the one that was built with these files
    assert_whole(screen, "first", first_files)
    host.tell(**second)
    screen.page.reload()
    assert_whole(screen, "second", second["ahead"])


def test_version_that_takes_long_is_opened_with_the_visit_after(
    host: StaticHost, open_screen: OpenScreen, complaints: Complaints
) -> None:
    screen = open_kept(open_screen, host.url)
    first_files = host.version()["ahead"]
    host.publish("second")
    second_files = host.version()["ahead"]
    host.slow.add(second_files[-1])
    screen.page.goto("about:blank")
    screen.page.goto(host.url)
    assert screen.page.evaluate(VERSION) == "first"
    host.hurry()
    screen.wait_until(lambda: screen.page.evaluate(IS_COMPLETE, "second"), "the second one does not come")
    assert_whole(screen, "first", first_files)
    screen.page.reload()
    assert_whole(screen, "second", second_files)


def test_large_files_are_kept_when_they_come_by_and_survive_a_new_version(
    host: StaticHost, open_screen: OpenScreen, complaints: Complaints
) -> None:
    complaints.expect("net::ERR_FAILED")  # of what nobody has
    (host.page / "device").mkdir(exist_ok=True)
    (host.page / MODEL).write_text("model")
    (host.page / "device" / "model.json").write_text("1")
    first = host.version()
    assert not {name for name in first["ahead"] if name.startswith("device/")}
    host.tell(later=[*first["later"], MODEL, "device/model.json"])
    screen = open_kept(open_screen, host.url)
    large = {name for name in host.version()["later"] if not name.endswith(".json")}
    assert not large & set(host.asked)  # a visit without need of them
    screen.page.evaluate(FETCH, "device/model.json")
    assert screen.page.evaluate(FETCH, MODEL) == [200, "model"]
    (host.page / "device" / "model.json").write_text("2")
    host.publish("second")
    host.tell(later=[*large, "device/model.json"])
    screen.page.reload()
    assert screen.page.evaluate(VERSION) == "second"
    assert screen.page.evaluate(FETCH, "device/model.json") == [200, "2"]  # which model it is, the host says anew
    host.stop()
    assert screen.page.evaluate(FETCH, MODEL) == [200, "model"]
    assert screen.page.evaluate(FETCH, "device/model.json") == [200, "2"]
    assert screen.page.evaluate(FETCH, "device/other-0a1b2c3d.onnx.gz") is None
    host.start()


def test_who_computes_here_has_the_examples_too(
    host: StaticHost, open_screen: OpenScreen, complaints: Complaints
) -> None:
    screen = open_kept(open_screen, host.url)
    screen.page.evaluate(KEEP_ALL)
    later = host.version()["later"]
    assert any(name.endswith(".jpg") for name in later)
    screen.wait_until(lambda: set(screen.page.evaluate(LARGE)) >= set(later), "some are missing")
    host.stop()
    for name in later:
        assert screen.page.evaluate(FETCH, name)[0] == 200
    host.start()


def test_all_that_is_stored_is_forgotten_by_one_click_and_nothing_of_others(
    host: StaticHost, open_screen: OpenScreen, complaints: Complaints
) -> None:
    screen = open_kept(open_screen, host.url)
    screen.page.locator("#theme").select_option("dark")
    screen.page.evaluate(OF_OTHERS)
    stored = {"caches": 2, "preferences": ["other.theme", "pagesight.theme"], "workers": 1}
    screen.wait_until(lambda: screen.page.evaluate(STORED) == stored, "not all is stored")
    screen.page.locator("#stored-data").click()
    screen.page.locator("#forget-all").click()
    expect(screen.page.get_by_role("dialog").get_by_role("status")).to_contain_text("Forgotten.")
    assert screen.page.evaluate(STORED) == {"caches": 1, "preferences": ["other.theme"], "workers": 0}
    screen.page.keyboard.press("Escape")
    screen.page.locator("#use-api").click()  # a part that comes now is not kept again
    screen.page.reload()
    assert screen.page.evaluate(STORED) == {"caches": 1, "preferences": ["other.theme"], "workers": 0}


def test_page_that_has_been_taken_away_leaves_nothing(
    host: StaticHost, open_screen: OpenScreen, complaints: Complaints
) -> None:
    complaints.expect("status of 404")
    screen = open_kept(open_screen, host.url)
    for name in ("index.html", "version.json", "sw.js"):
        (host.page / name).unlink()
    (host.page / "index.html").write_text("<title>Moved")
    screen.page.reload()
    expect(screen.page).to_have_title("Moved")
    assert screen.page.evaluate(STORED) == {"caches": 0, "preferences": [], "workers": 0}


def test_browser_has_no_complaint_about_installing_it(
    host: StaticHost, server: GunicornServer, browser: Browser, tmp_path: Path
) -> None:
    # In a profile that stays, as browsers install nothing in another.
    profile = browser.browser_type.launch_persistent_context(
        tmp_path / "profile", executable_path=find_chromium(), args=flags()
    )
    page = profile.new_page()
    devtools = profile.new_cdp_session(page)
    for url in (host.url, f"{server.url}/"):
        page.goto(url)
        manifest = devtools.send("Page.getAppManifest")
        assert manifest["errors"] == []
        assert json.loads(manifest["data"])["name"] == "Pagesight"
        assert devtools.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    profile.close()


def test_axe_finds_nothing_in_what_is_stored(server: GunicornServer, open_screen: OpenScreen) -> None:
    screen = open_screen(server.url, reduced_motion="reduce", bypass_csp=True, **NARROW)
    screen.await_light("online")
    screen.page.locator("#stored-data").click()
    expect(screen.page.get_by_role("dialog", name="Stored data")).to_be_visible()
    assert violations(screen) == []
    assert_fits(screen)
