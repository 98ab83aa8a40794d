"""What the tracks of a whole video come to: the distinct objects, when each is seen, and the line it goes."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

LEAST_FRAMES = 3  # in fewer, it may be a mistake of the detector


@dataclass(frozen=True, slots=True)
class TrackSummary:
    """One object. Its label is what it was called most, by confidence; `path` has (time_s, x, y) of its centres.

    `attributes` is what was said most of it, likewise, by the names that a chain gives.
    """

    track: int
    label: str
    class_id: int
    first_s: float
    last_s: float
    frames: int
    confidence: float
    path: tuple[tuple[float, float, float], ...]
    attributes: Mapping[str, str] = field(default_factory=dict)


def summarise(frames: Iterable[Mapping[str, Any]], *, least_frames: int = LEAST_FRAMES) -> list[TrackSummary]:
    """Return the objects that were seen in at least so many frames, in order of time.

    A frame is as in a job's result: `time_s` and `detections`, each with a `track` if it has one.
    """
    sightings: dict[int, list[tuple[float, Mapping[str, Any]]]] = defaultdict(list)
    for frame in frames:
        for detection in frame["detections"]:
            if detection.get("track"):
                sightings[detection["track"]].append((frame["time_s"], detection))
    enough = {track: seen for track, seen in sightings.items() if len(seen) >= least_frames}
    return [_summarise(track, enough[track]) for track in sorted(enough)]


def count(summaries: Iterable[TrackSummary]) -> dict[str, int]:
    """Return how many distinct objects there are of each label, the most first."""
    return dict(Counter(summary.label for summary in summaries).most_common())


def _summarise(track: int, seen: Sequence[tuple[float, Mapping[str, Any]]]) -> TrackSummary:
    votes: dict[tuple[str, int], float] = defaultdict(float)
    for _, detection in seen:
        votes[detection["label"], detection["class_id"]] += detection["confidence"]
    label, class_id = max(votes, key=lambda name: votes[name])
    return TrackSummary(
        track=track,
        label=label,
        class_id=class_id,
        first_s=seen[0][0],
        last_s=seen[-1][0],
        frames=len(seen),
        confidence=max(detection["confidence"] for _, detection in seen),
        path=tuple((time_s, *_centre(detection["box"])) for time_s, detection in seen),
        attributes=_said_most(detection for _, detection in seen),
    )


def _said_most(detections: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return what has the most confidence of all detections together, under each attribute's name."""
    votes: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for detection in detections:
        for name, attribute in detection.get("attributes", {}).items():
            if attribute["text"]:
                votes[name][attribute["text"]] += detection["confidence"]
    return {name: max(said, key=lambda text: said[text]) for name, said in votes.items()}


def _centre(box: Mapping[str, float]) -> tuple[float, float]:
    return round((box["x1"] + box["x2"]) / 2, 1), round((box["y1"] + box["y2"]) / 2, 1)
