"""What was found in words, and how much one person may send."""

import pytest
from pagesight import Box, ClassificationAnswer, Detection, DetectionAnswer, Label, ReadingAnswer, TextLine, Timings

from clients.telegram.rates import Rates, TooMuch
from clients.telegram.texts import LANGUAGES, texts_for
from clients.telegram.words import MOST_LINES, lines_of

ENGLISH, GERMAN = LANGUAGES["en"], LANGUAGES["de"]
BOX = Box(x1=0, y1=0, x2=1, y2=1)
SHARED = {
    "name": "photo.jpg",
    "model": "m",
    "image": None,
    "width": 1,
    "height": 1,
    "timings_ms": Timings(decode=0, inference=0, render=0, queue=0),
    "request_id": "r",
}


def detections(*found: tuple[str, float]) -> DetectionAnswer:
    things = tuple(Detection(label=label, class_id=0, confidence=confidence, box=BOX) for label, confidence in found)
    return DetectionAnswer(task="detection", detections=things, **SHARED)


def test_most_frequent_comes_first_with_its_count_and_best_confidence():
    answer = detections(("dog", 0.5), ("cat", 0.9), ("dog", 0.756), ("bee", 0.4))
    assert lines_of(answer, ENGLISH) == ["2 \u00d7 dog (76%)", "1 \u00d7 cat (90%)", "1 \u00d7 bee (40%)"]
    assert lines_of(answer, GERMAN)[0] == "2 \u00d7 dog (76 %)"


def test_list_stays_short():
    lines = lines_of(detections(*((f"thing {number:02}", 0.5) for number in range(20))), ENGLISH)
    assert len(lines) == MOST_LINES
    assert lines[-1] == "… and 13 more"


def test_nothing_found_is_said():
    assert lines_of(detections(), ENGLISH) == ["Nothing found."]
    assert lines_of(ReadingAnswer(task="reading", lines=(), **SHARED), GERMAN) == ["Kein Text gefunden."]


def test_labels_and_lines_are_listed_in_their_order():
    classes = tuple(Label(label=label, class_id=0, confidence=share) for label, share in (("cat", 0.7), ("dog", 0.2)))
    assert lines_of(ClassificationAnswer(task="classification", classes=classes, **SHARED), ENGLISH) == [
        "cat 70%",
        "dog 20%",
    ]
    lines = (TextLine(text="STOP\n\there " + "x" * 100, confidence=1, polygon=()),)
    (line,) = lines_of(ReadingAnswer(task="reading", lines=lines, **SHARED), ENGLISH)
    assert line.startswith("STOP here x")
    assert len(line) == 60


@pytest.mark.parametrize(
    ("code", "texts"), [("de", GERMAN), ("de-AT", GERMAN), ("DE", GERMAN), (None, ENGLISH), ("fr", ENGLISH)]
)
def test_language_is_the_senders(code: str | None, texts: object):
    assert texts_for(code) is texts


def test_rate_fills_up_evenly_and_only_the_first_refusal_is_told():
    now = 0.0
    rates = Rates(6, clock=lambda: now)
    assert [rates.take(1, 1) for _ in range(6)] == [None] * 6
    assert rates.take(1, 1) == TooMuch(10, is_first=True)
    assert rates.take(1, 2) == TooMuch(20, is_first=False)
    assert rates.take(2, 1) is None
    now = 10.0
    assert rates.take(1, 1) is None
    assert rates.take(1, 1) == TooMuch(10, is_first=True)


def test_album_that_is_larger_than_the_rate_can_be_sent_once_a_minute():
    now = 0.0
    rates = Rates(6, clock=lambda: now)
    assert rates.take(1, 10) is None
    now = 59.0
    assert rates.take(1, 10) == TooMuch(1, is_first=True)
    now = 60.0
    assert rates.take(1, 10) is None


def test_rates_remember_a_bounded_number_of_people():
    rates = Rates(1, at_most=100)
    for name in range(10_000):
        rates.take(name, 1)
    assert len(rates._buckets) == 100
