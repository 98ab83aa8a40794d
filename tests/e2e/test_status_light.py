"""The light in the footer, and what the page says while the server is away, busy or back."""

# ruff: noqa: RUF001, the page has typographic signs

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Request, Route, expect

from harness.gunicorn_server import GunicornServer
from harness.waiting import wait_until
from tests.conftest import StartServer
from tests.e2e.complaints import SERVER_GONE, Complaints
from tests.e2e.conftest import OpenScreen
from tests.e2e.screen import Screen

TURNED_AWAY = (r"status of 503",)
VISITORS = 2  # where one detection runs at a time, the second is turned away, and takes the place when it falls free
BUSY_WITHIN_S = 20


@contextmanager
def occupied(server: GunicornServer, photo: bytes) -> Iterator[None]:
    """Keep a server at work, by visitors who send one photograph after the other."""
    done = threading.Event()

    def visit() -> None:
        while not done.is_set():
            server.client.detect(photo, annotate="false")

    visitors = [threading.Thread(target=visit) for _ in range(VISITORS)]
    for visitor in visitors:
        visitor.start()
    try:
        wait_until(lambda: server.client.get("/status_check").json["status"] == "busy", limit_s=BUSY_WITHIN_S)
        yield
    finally:
        done.set()
        for visitor in visitors:
            visitor.join()


def test_light_is_connecting_until_the_server_has_answered(server: GunicornServer, open_screen: OpenScreen) -> None:
    screen = open_screen("about:blank")
    asked: list[Route] = []
    screen.page.route("**/status_check", lambda route: asked.append(route))
    screen.page.goto(server.url)
    expect(screen.status).to_have_text("Connecting…")
    screen.await_held(asked).continue_()
    expect(screen.status).to_have_text("Online · yolov3-tiny")
    expect(screen.page.get_by_role("status")).to_have_attribute("data-state", "online")


def test_server_that_ends_is_offline_and_one_that_comes_back_is_online(
    start_server: StartServer, open_screen: OpenScreen, complaints: Complaints, photographs: dict[str, Path]
) -> None:
    complaints.expect(SERVER_GONE)
    server = start_server()
    screen = open_screen(server.url)
    screen.await_light("online")

    server.stop()
    screen.come_back_to_tab()
    expect(screen.status).to_have_text("Offline")
    expect(screen.page.get_by_text("Choose a photo now; it is sent when the server is back")).to_be_visible()

    screen.choose(photographs["dog"])
    screen.await_error("The server can’t be reached")
    expect(screen.error).to_contain_text("Your photo is still here.")
    assert screen.picture().shape == (576, 768, 3)
    screen.retry.click()
    screen.await_error("The server can’t be reached")

    server.start()  # what waits is sent by itself when the light turns green
    assert {label for label, _ in screen.await_result()} >= {"dog", "bicycle"}
    screen.come_back_to_tab()
    screen.await_light("online")


def test_failed_detection_turns_the_light(
    server: GunicornServer, open_screen: OpenScreen, complaints: Complaints, photographs: dict[str, Path]
) -> None:
    complaints.expect(SERVER_GONE)
    screen = open_screen(server.url)
    screen.await_light("online")
    screen.page.route("**/*", lambda route: route.abort("connectionrefused"))
    screen.choose(photographs["dog"])
    screen.await_error("The server can’t be reached")
    screen.await_light("offline")


def test_browser_without_a_network_says_so(
    screen: Screen, complaints: Complaints, photographs: dict[str, Path]
) -> None:
    complaints.expect(r"net::ERR_INTERNET_DISCONNECTED")
    screen.page.context.set_offline(True)
    screen.await_light("offline")
    screen.choose(photographs["dog"])
    screen.await_error("You are offline")
    screen.page.context.set_offline(False)
    screen.await_light("online")
    screen.await_result()


def test_busy_server_is_said_to_be_busy_and_gets_the_photo_again_by_itself(
    start_server: StartServer,
    open_screen: OpenScreen,
    complaints: Complaints,
    photographs: dict[str, Path],
    dog: bytes,
) -> None:
    complaints.expect(*TURNED_AWAY)
    # A wide input makes a detection last for seconds: nobody gets in by luck.
    server = start_server(PAGESIGHT_SLOTS="1", PAGESIGHT_QUEUE="0", PAGESIGHT_THREADS="1", PAGESIGHT_INPUT_SIZE="1600")
    screen = open_screen(server.url)
    screen.await_light("online")
    with occupied(server, dog):
        screen.come_back_to_tab()
        expect(screen.status).to_have_text("Busy · yolov3-tiny")
        with screen.page.expect_response(lambda answer: answer.status == 503):
            screen.choose(photographs["dog"])
    screen.await_result()
    screen.come_back_to_tab()
    screen.await_light("online")


def test_light_is_asked_for_every_half_minute(server: GunicornServer, open_screen: OpenScreen) -> None:
    screen = open_screen("about:blank")
    screen.page.clock.install()
    asked: list[Request] = []
    screen.page.on("request", lambda request: asked.append(request) if "status_check" in request.url else None)
    screen.page.goto(server.url)
    screen.await_light("online")
    assert len(asked) == 1
    screen.page.clock.fast_forward(29_000)
    assert len(asked) == 1
    with screen.page.expect_response("**/status_check"):
        screen.page.clock.fast_forward(2_000)
    assert len(asked) == 2
