"""One photograph at a time: giving it up, waiting too long for it, starting over, taking another."""

import re
from pathlib import Path

from playwright.sync_api import Route, expect

from tests.e2e.complaints import Complaints
from tests.e2e.screen import Screen

ABORTED = r"net::ERR_ABORTED"


def assert_empty(screen: Screen) -> None:
    screen.await_state("empty")
    expect(screen.preview).to_be_hidden()
    expect(screen.preview).not_to_have_attribute("src", re.compile("."))
    expect(screen.items).to_have_count(0)
    expect(screen.page.locator("#findings")).to_be_hidden()
    expect(screen.page.locator("#error-sheet")).to_be_hidden()
    expect(screen.reset).to_be_hidden()
    expect(screen.page.get_by_text("Choose a photo", exact=True)).to_be_visible()


def test_cancel_gives_the_photo_up(screen: Screen, complaints: Complaints, photographs: dict[str, Path]) -> None:
    complaints.expect(ABORTED)
    held = screen.hold_detections()
    screen.choose(photographs["dog"])
    sent = screen.await_held(held)
    with screen.page.expect_event("requestfailed", lambda request: request == sent.request):
        screen.cancel.click()
    assert_empty(screen)


def test_escape_cancels(screen: Screen, complaints: Complaints, photographs: dict[str, Path]) -> None:
    complaints.expect(ABORTED)
    held = screen.hold_detections()
    screen.choose(photographs["dog"])
    sent = screen.await_held(held)
    with screen.page.expect_event("requestfailed", lambda request: request == sent.request):
        screen.page.keyboard.press("Escape")
    assert_empty(screen)


def test_escape_leaves_a_result_alone(screen: Screen, photographs: dict[str, Path]) -> None:
    screen.choose(photographs["dog"])
    found = screen.await_result()
    screen.page.keyboard.press("Escape")
    assert screen.await_result() == found


def test_after_cancelling_the_next_photo_is_worked_on(
    screen: Screen, complaints: Complaints, photographs: dict[str, Path]
) -> None:
    complaints.expect(ABORTED)
    held = screen.hold_detections()
    screen.choose(photographs["dog"])
    screen.await_held(held)
    screen.cancel.click()
    screen.choose(photographs["eagle"])
    screen.await_held(held).continue_()
    assert "bird" in dict(screen.await_result())


def test_example_on_its_way_is_cancelled(screen: Screen, complaints: Complaints) -> None:
    complaints.expect(ABORTED)
    held: list[Route] = []
    screen.page.route(re.compile(r"/assets/dog-[^/]*\.jpg$"), lambda route: held.append(route))
    screen.example("dog").click()
    screen.await_held(held)
    expect(screen.page.get_by_text("Opening the photo…", exact=True).first).to_be_visible()
    screen.cancel.click()
    assert_empty(screen)


def test_gives_up_after_30_seconds_of_silence_and_offers_a_retry(
    screen: Screen, complaints: Complaints, photographs: dict[str, Path]
) -> None:
    complaints.expect(ABORTED)
    held = screen.hold_detections()
    screen.choose(photographs["dog"])
    screen.await_held(held)
    pass_time(screen, 28_000)
    screen.await_state("working")
    pass_time(screen, 3_000)
    screen.await_error("Nothing comes through any more")
    expect(screen.retry).to_be_visible()
    assert screen.picture().shape == (576, 768, 3)


def pass_time(screen: Screen, milliseconds: int) -> None:
    """Let the browser's own clock run ahead: a request's time-out is counted by it, and not by the page's timers."""
    devtools = screen.page.context.new_cdp_session(screen.page)
    over: list[object] = []
    devtools.on("Emulation.virtualTimeBudgetExpired", lambda event: over.append(event))
    devtools.send("Emulation.setVirtualTimePolicy", {"policy": "advance", "budget": milliseconds})
    screen.wait_until(lambda: bool(over), "the time has not passed")


def test_reset_makes_the_page_empty_without_loading_it_again(screen: Screen, photographs: dict[str, Path]) -> None:
    screen.page.evaluate("window.loadedOnce = true")
    screen.choose(photographs["dog"])
    screen.await_result()
    screen.reset.click()
    assert_empty(screen)
    assert screen.page.evaluate("window.loadedOnce")
    expect(screen.page.locator("#caption")).to_have_text("JPEG, PNG, WebP, HEIC, AVIF, GIF or BMP")


def test_reset_after_an_error_makes_the_page_empty(
    screen: Screen, complaints: Complaints, photographs: dict[str, Path]
) -> None:
    complaints.expect(r"status of 500")
    screen.answer_detections(500, "")
    screen.choose(photographs["dog"])
    screen.await_error("The server failed")
    screen.reset.click()
    assert_empty(screen)


def test_answer_to_an_earlier_photo_is_dropped(
    screen: Screen, complaints: Complaints, photographs: dict[str, Path]
) -> None:
    complaints.expect(ABORTED)
    held = screen.hold_detections()
    screen.choose(photographs["dog"])
    first = screen.await_held(held)
    late = first.fetch()
    assert "bicycle" in late.text()

    screen.choose(photographs["eagle"])
    second = screen.await_held(held)
    first.fulfill(response=late)
    screen.await_state("working")
    second.continue_()
    found = screen.await_result()
    assert "bird" in dict(found)
    assert not {"dog", "bicycle"} & set(dict(found))
    expect(screen.page.locator("#caption")).to_contain_text("eagle.jpg · ")


def test_later_of_two_drops_wins_while_the_first_is_opened(screen: Screen, photographs: dict[str, Path]) -> None:
    held = screen.hold_detections()
    screen.choose_at_once(photographs["kite"], photographs["eagle"])
    sent = screen.await_held(held)
    assert b'filename="eagle.jpg"' in (sent.request.post_data_buffer or b"")
    sent.continue_()
    assert "bird" in dict(screen.await_result())
    assert not held
