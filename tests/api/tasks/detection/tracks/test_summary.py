"""api/tasks/detection/tracks/summary.py: distinct objects, when they are there, and the way they go."""

from api.tasks.detection.tracks.summary import TrackSummary, count, summarise


def frame(time_s: float, *detections: tuple[str, int, float, float]) -> dict:
    return {
        "time_s": time_s,
        "detections": [
            {
                "label": label,
                "class_id": len(label),
                "confidence": confidence,
                "box": {"x1": x, "y1": 10.0, "x2": x + 20, "y2": 50.0},
            }
            | ({"track": track} if track else {})
            for label, track, confidence, x in detections
        ],
    }


FRAMES = [
    frame(0.0, ("car", 1, 0.5, 0.0), ("dog", 0, 0.3, 100.0)),
    frame(0.2, ("car", 1, 0.6, 10.0), ("dog", 2, 0.9, 100.0)),
    frame(0.4, ("truck", 1, 0.9, 20.0), ("dog", 2, 0.7, 104.0)),
    frame(0.6, ("dog", 2, 0.8, 108.0)),
    frame(0.8),
]


def test_tells_who_was_there_when_and_where():
    car, dog = summarise(FRAMES)
    assert dog == TrackSummary(
        2, "dog", 3, 0.2, 0.6, 3, 0.9, ((0.2, 110.0, 30.0), (0.4, 114.0, 30.0), (0.6, 118.0, 30.0))
    )
    assert (car.label, car.first_s, car.last_s, car.frames) == ("car", 0.0, 0.4, 3)


def test_counts_each_object_once_and_leaves_out_what_was_hardly_seen():
    assert count(summarise(FRAMES)) == {"car": 1, "dog": 1}
    assert summarise(FRAMES[:2]) == []
    assert count(summarise(FRAMES[:2], least_frames=1)) == {"car": 1, "dog": 1}
    assert count(summarise([])) == {}
