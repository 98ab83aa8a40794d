"""The page without a pointer: everything is reached, seen and done with keys, and the focus never gets lost."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.complaints import Complaints
from tests.e2e.screen import Screen

EXAMPLES = ["dog", "eagle", "giraffe", "horses", "kite", "person"]
# The picker's ring is drawn around its label, for the input itself lies invisible over it.
RING = """() => {
    const holder = document.activeElement;
    const seen = holder.id === 'file-input' ? holder.nextElementSibling : holder;
    const {outlineStyle, outlineWidth} = getComputedStyle(seen);
    return holder.matches(':focus-visible') && outlineStyle !== 'none' ? parseFloat(outlineWidth) : 0;
}"""
FOCUSED = "() => document.activeElement.id || document.activeElement.innerText.trim().toLowerCase()"


def focused(screen: Screen) -> str:
    """Return the id of what has the focus, or the text of what has no id."""
    assert not screen.page.evaluate("document.activeElement === document.body"), "the focus got lost"
    return screen.page.evaluate(FOCUSED)


def tab_to(screen: Screen, wanted: str) -> None:
    for _ in range(20):
        screen.page.keyboard.press("Tab")
        if screen.page.evaluate(FOCUSED) == wanted:
            assert screen.page.evaluate(RING) >= 2, f"no ring around {wanted}"
            return
    raise AssertionError(f"Tab does not reach {wanted}")


def test_tab_goes_through_the_picker_and_all_examples(screen: Screen) -> None:
    expect(screen.page.locator("#kinds-title")).to_be_visible()
    order = []
    for _ in range(8):
        screen.page.keyboard.press("Tab")
        order.append(focused(screen))
        assert screen.page.evaluate(RING) >= 2, f"no ring around {order[-1]}"
    assert order == ["file-input", "kinds-title", *EXAMPLES]


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_key_opens_the_picker_and_the_result_is_reached(screen: Screen, photographs: dict[str, Path], key: str) -> None:
    # Playwright begins to intercept choosers with the first listener, and not at once: so before the keys.
    screen.page.on("filechooser", lambda _chooser: None)
    tab_to(screen, "file-input")
    with screen.page.expect_file_chooser() as chooser:
        screen.page.keyboard.press(key)
    chooser.value.set_files(photographs["dog"])
    screen.await_result()
    assert focused(screen) == "summary-title"
    screen.page.keyboard.press("Shift+Tab")
    assert focused(screen) == "reset"
    screen.page.keyboard.press(key)
    screen.await_state("empty")
    assert focused(screen) == "file-input"


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_key_takes_an_example_and_stays_on_it(screen: Screen, key: str) -> None:
    tab_to(screen, "eagle")
    screen.page.keyboard.press(key)
    assert "bird" in dict(screen.await_result())
    assert focused(screen) == "eagle"


@pytest.mark.parametrize("key", ["Enter", "Space", "Escape"])
def test_key_cancels_and_the_picker_is_next(
    screen: Screen, complaints: Complaints, photographs: dict[str, Path], key: str
) -> None:
    complaints.expect(r"net::ERR_ABORTED")
    held = screen.hold_detections()
    tab_to(screen, "file-input")
    screen.choose(photographs["dog"])
    screen.await_held(held)
    assert focused(screen) == "cancel"
    screen.page.keyboard.press(key)
    screen.await_state("empty")
    assert focused(screen) == "file-input"


def test_error_is_followed_by_its_retry_and_the_retry_by_the_result(
    screen: Screen, complaints: Complaints, photographs: dict[str, Path]
) -> None:
    complaints.expect(r"status of 500")
    screen.answer_detections(500, "")
    tab_to(screen, "file-input")
    screen.choose(photographs["dog"])
    screen.await_error("The server failed")
    assert focused(screen) == "retry"
    screen.page.unroute_all()
    screen.page.keyboard.press("Enter")
    screen.await_result()
    assert focused(screen) == "summary-title"


def test_error_without_a_picture_leads_back_to_the_picker(screen: Screen) -> None:
    tab_to(screen, "file-input")
    screen.choose(b"Dear diary", name="diary.txt", media_type="text/plain")
    screen.await_error("This is not a photo that can be read")
    assert focused(screen) == "file-input"


def test_announcements_follow_the_work(screen: Screen, photographs: dict[str, Path]) -> None:
    announcer = screen.page.locator("#announcer")
    held = screen.hold_detections()
    screen.choose(photographs["dog"])
    sent = screen.await_held(held)
    expect(announcer).to_have_text("Uploading the photo")
    sent.continue_()
    screen.await_result()
    expect(announcer).to_contain_text("objects found: ")
