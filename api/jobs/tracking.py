"""The objects of a video: each keeps a number from frame to frame. Of detection alone."""

from collections.abc import Sequence
from typing import Any

from api.tasks.detection.tracks.follow import Tracks, follow
from api.tasks.detection.tracks.summary import TrackSummary, count, summarise
from api.tasks.detection.types import Box, Detection
from api.video.cuts import is_cut

TASK = "detection"


def add_tracks(frames: Sequence[dict[str, Any]], glances: Sequence[str]) -> dict[str, Any]:
    """Give each detection in `frames` the number of its `track`; returns `tracks` and `counts` for the result.

    `glances` are those of the frames, in hexadecimal: at a cut all tracks end.
    """
    tracks = Tracks()
    before = b""
    for frame, glance in zip(frames, map(bytes.fromhex, glances), strict=True):
        found = [_as_detection(one) for one in frame["detections"]]
        scene_ends = bool(before) and is_cut(before, glance)
        tracks, numbers = follow(tracks, frame["time_s"], found, is_cut=scene_ends)
        for one, number in zip(frame["detections"], numbers, strict=True):
            if number:
                one["track"] = number
        before = glance
    summaries = summarise(frames)
    return {"tracks": [_as_json(one) for one in summaries], "counts": count(summaries)}


def _as_detection(one: dict[str, Any]) -> Detection:
    return Detection(one["label"], one["class_id"], one["confidence"], Box(**one["box"]))


def _as_json(one: TrackSummary) -> dict[str, Any]:
    return {
        "id": one.track,
        "label": one.label,
        "class_id": one.class_id,
        "from_s": one.first_s,
        "to_s": one.last_s,
        "frames": one.frames,
        "confidence": one.confidence,
        "path": one.path,
        **({"attributes": dict(one.attributes)} if one.attributes else {}),
    }
