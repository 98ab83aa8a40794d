"""api/tasks/detection/tracks/follow.py: objects whose ways are known keep their numbers."""

import json
import math
import random
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest

from api.tasks.detection.tracks.follow import Tracks, follow
from api.tasks.detection.tracks.summary import count, summarise
from api.tasks.detection.types import Box, Detection

LABELS = {0: "person", 1: "bicycle", 2: "car"}
Way = Callable[[float], tuple[float, float]]


def seen(x: float, y: float, *, class_id: int = 0, size: tuple[float, float] = (30, 80), confidence: float = 0.8):
    width, height = size
    box = Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    return Detection(LABELS[class_id], class_id, confidence, box)


def follow_all(frames, tracks: Tracks | None = None) -> list[list[int]]:
    tracks, numbers = tracks or Tracks(), []
    for time_s, detections in frames:
        tracks, of_frame = follow(tracks, time_s, detections)
        numbers.append(of_frame)
    return numbers


def frames_of(*ways: Way, fps: float = 5.0, seconds: float = 6.0, jitter: float = 2.0) -> Iterator:
    dice = random.Random(3)
    for number in range(int(fps * seconds)):
        time_s = number / fps
        places = [way(time_s) for way in ways]
        yield time_s, [seen(x + dice.gauss(0, jitter), y + dice.gauss(0, jitter)) for x, y in places]


def to_the_right(speed: float, y: float, start: float = 0.0) -> Way:
    return lambda time_s: (start + speed * time_s, y)


@pytest.mark.parametrize("fps", [2.0, 5.0, 25.0])
def test_walkers_keep_their_numbers(fps: float):
    numbers = follow_all(frames_of(*(to_the_right(60, 100.0 * row) for row in range(5)), fps=fps))
    assert {tuple(of_frame) for of_frame in numbers} == {(1, 2, 3, 4, 5)}


def test_two_who_meet_go_on_as_they_were():
    numbers = follow_all(frames_of(to_the_right(50, 100), to_the_right(-50, 112, start=300)))
    assert {tuple(of_frame) for of_frame in numbers} == {(1, 2)}


def test_something_quick_is_followed_from_its_second_frame_on():
    numbers = follow_all(frames_of(to_the_right(180, 100), fps=5))
    assert {tuple(of_frame) for of_frame in numbers} == {(1,)}


def test_one_who_was_hidden_comes_back_as_the_same():
    frames = list(frames_of(to_the_right(40, 100), to_the_right(0, 300)))
    hidden = [(time_s, detections[1:] if 2 < time_s < 4 else detections) for time_s, detections in frames]
    numbers = follow_all(hidden)
    assert numbers[0] == numbers[-1] == [1, 2]
    assert {tuple(of_frame) for of_frame in numbers} == {(1, 2), (2,)}


def test_one_who_stays_away_is_somebody_else():
    frames = list(frames_of(to_the_right(10, 100), seconds=12))
    numbers = follow_all([(time_s, [] if 3 < time_s < 9 else detections) for time_s, detections in frames])
    assert numbers[-1] == [2]


def test_an_unsure_detection_goes_on_with_a_track_but_begins_none():
    frames = list(frames_of(to_the_right(40, 100), to_the_right(40, 300)))
    weak = [
        (time_s, [seen(one.box.x1 + 15, one.box.y1 + 40, confidence=c) for one, c in zip(detections, (0.2, 0.3))])  # noqa: B905
        for time_s, detections in frames[10:]
    ]
    first = [(time_s, detections[:1]) for time_s, detections in frames[:10]]
    numbers = follow_all([*first, *weak])
    assert {tuple(of_frame) for of_frame in numbers} == {(1,), (1, 0)}


def test_a_rider_and_a_bicycle_are_two():
    def pair(time_s: float) -> list[Detection]:
        x = 100 * time_s
        return [seen(x, 100), seen(x, 130, class_id=1, size=(70, 50))]

    numbers = follow_all((number / 5, pair(number / 5)) for number in range(30))
    assert {tuple(of_frame) for of_frame in numbers} == {(1, 2)}


def test_a_bicycle_does_not_take_the_number_of_its_rider():
    rider = [(n / 5, [seen(100, 100)]) for n in range(5)]
    bicycle = [(n / 5, [seen(100, 130, class_id=1, size=(70, 50))]) for n in range(5, 10)]
    numbers = follow_all([*rider, *bicycle])
    assert {tuple(of_frame) for of_frame in numbers[:5]} == {(1,)}
    assert {tuple(of_frame) for of_frame in numbers[5:]} == {(2,)}


def test_a_name_that_wavers_is_still_one_object():
    frames = [(n / 5, [seen(20.0 * n, 100, class_id=2 if n % 4 else 1, size=(120, 60))]) for n in range(20)]
    numbers = follow_all(frames)
    assert {tuple(of_frame) for of_frame in numbers} == {(1,)}


def test_one_thing_under_two_names_is_one():
    frames = [(n / 5, [seen(9.0 * n, 100, class_id=2), seen(9.0 * n, 102, class_id=1)]) for n in range(9)]
    assert {tuple(of_frame) for of_frame in follow_all(frames)} == {(1, 0)}


def test_nobody_is_followed_into_another_scene():
    tracks, numbers = follow(Tracks(), 0.0, [seen(100, 100)])
    tracks, numbers = follow(tracks, 0.2, [seen(100, 100)], is_cut=True)
    assert numbers == [2]


def crowd(people: int = 12, seconds: float = 12.0) -> list[tuple[float, list[Detection], list[int]]]:
    """Return frames of people who go round in circles that cross, seen four times of five, with mistakes between."""
    dice, frames = random.Random(11), []
    for number in range(int(seconds * 5)):
        time_s, detections, truth = number / 5, [], []
        for person in range(people):
            angle = 0.35 * time_s + 2 * math.pi * person / people
            x, y = 500 + 260 * math.cos(angle) + 160 * (person % 3), 400 + 220 * math.sin(angle)
            if dice.random() < 0.85:
                confidence = dice.choice((0.2, 0.5, 0.7, 0.9, 0.9))
                detections.append(seen(x + dice.gauss(0, 2), y + dice.gauss(0, 2), confidence=confidence))
                truth.append(person)
        if dice.random() < 0.2:
            detections.append(seen(dice.uniform(0, 1200), dice.uniform(0, 800), confidence=0.5))
            truth.append(-1)
        frames.append((time_s, detections, truth))
    return frames


def test_a_crowd_is_counted_right_to_one_and_seldom_mixed_up():
    frames = crowd()
    numbers = follow_all((time_s, detections) for time_s, detections, _ in frames)
    documents = [as_json(time_s, detections, own) for (time_s, detections, _), own in zip(frames, numbers, strict=True)]
    assert abs(count(summarise(documents))["person"] - 12) <= 1
    ways: dict[int, list[int]] = {}
    for (_, _, truth), own in zip(frames, numbers, strict=True):
        for person, number in zip(truth, own, strict=True):
            if number and person >= 0:
                ways.setdefault(person, []).append(number)
    switches = sum(before != now for way in ways.values() for before, now in pairwise(way))
    assert switches <= 4
    assert sum(map(len, ways.values())) > 0.9 * sum(person >= 0 for _, _, truth in frames for person in truth)


def as_json(time_s: float, detections: list[Detection], numbers: list[int]) -> dict:
    kept = [
        {
            "label": one.label,
            "class_id": one.class_id,
            "confidence": one.confidence,
            "box": {"x1": one.box.x1, "y1": one.box.y1, "x2": one.box.x2, "y2": one.box.y2},
            "track": number,
        }
        for one, number in zip(detections, numbers, strict=True)
    ]
    return {"time_s": time_s, "detections": kept}


def test_goes_on_from_json_with_the_very_same_numbers():
    frames = [(time_s, detections) for time_s, detections, _ in crowd(seconds=6)]
    at_once, tracks = follow_all(frames), Tracks()
    one_by_one = []
    for time_s, detections in frames:
        tracks, numbers = follow(Tracks.from_json(json.loads(json.dumps(tracks.to_json()))), time_s, detections)
        one_by_one.append(numbers)
    assert one_by_one == at_once


def test_many_boxes_take_little_time_and_the_surest_are_followed():
    dice = random.Random(5)
    many = [seen(dice.uniform(0, 4000), dice.uniform(0, 4000), confidence=dice.random()) for _ in range(1000)]
    tracks, numbers = follow(Tracks(), 0.0, many)
    tracks, numbers = follow(tracks, 0.2, many)
    followed = [one.confidence for one, number in zip(many, numbers, strict=True) if number]
    assert 100 < len(followed) <= 200
    assert min(followed) > sorted((one.confidence for one in many), reverse=True)[201]


def test_no_detections_and_no_tracks_are_nothing_special():
    tracks, numbers = follow(Tracks(), 0.0, [])
    assert (tracks.tracks, numbers) == ((), [])
    tracks, numbers = follow(tracks, 1.0, [seen(5, 5)])
    assert follow(tracks, 1.2, [])[1] == []
