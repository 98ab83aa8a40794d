"""Gives each object the same number in all frames: the association of ByteTrack (arXiv 2110.06864, algorithm 1).

Sure detections are matched with the tracks first, then what is left of the tracks with unsure ones, which a track alone
makes believable. Different from the paper: matches are within a class, unless a box lies where a track is expected and
nothing of its class does; boxes are widened by how far an object may have come since it was seen, because a video is
analysed a few times a second and not at each frame; and all is reckoned in seconds.

A state is a value: the same frames give the same numbers, whoever goes on with it from its JSON.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from api.tasks.detection.tracks.assignment import assign
from api.tasks.detection.tracks.motion import begin, correct, predict
from api.tasks.detection.tracks.overlap import overlap
from api.tasks.detection.types import Detection

SURE = 0.4  # the confidence from which a detection may begin a track
LEAST_OVERLAP = 0.1  # of widened boxes
LEAST_OVERLAP_UNSURE = 0.4
LEAST_OVERLAP_OF_ANOTHER_CLASS = 0.6
LEAST_OVERLAP_OF_THE_SAME = 0.75  # a detector may call one thing a car and a truck, in two boxes
MAX_LOST_S = 4.0  # how long a track waits for its object
MOST_FOLLOWED = 200  # of the detections in a frame, the most confident: more would take seconds
NO_TRACK = 0


@dataclass(frozen=True, slots=True)
class Track:
    """One object as it was when it was last seen. `state` and `variances` are those of motion.py, row by row."""

    number: int
    class_id: int
    hits: int
    last_s: float
    state: tuple[float, ...]
    variances: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Tracks:
    """All that is known between two frames. Begin with `Tracks()`."""

    next_number: int = 1
    last_s: float = 0.0
    tracks: tuple[Track, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return what `from_json` makes the very same state of."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Return the state that was written."""
        tracks = (Track(**one | {key: tuple(one[key]) for key in ("state", "variances")}) for one in document["tracks"])
        return cls(document["next_number"], document["last_s"], tuple(tracks))


def follow(
    tracks: Tracks, time_s: float, detections: Sequence[Detection], *, sure: float = SURE, is_cut: bool = False
) -> tuple[Tracks, list[int]]:
    """Return the state after a frame, and the number of each detection's track: from 1 on, 0 for none.

    Times must rise from call to call. At the first frame of another scene (`is_cut`) all tracks end.
    """
    waiting = [track for track in tracks.tracks if time_s - track.last_s <= MAX_LOST_S and not is_cut]
    frame = _Frame(tracks.last_s, time_s, waiting, detections, sure)
    frame.match(frame.known & frame.recent, frame.sure, LEAST_OVERLAP)
    frame.match(frame.known & frame.recent, ~frame.sure, LEAST_OVERLAP_UNSURE)
    frame.match(frame.known & ~frame.recent, frame.sure, LEAST_OVERLAP)
    frame.match(~frame.known, frame.sure, LEAST_OVERLAP)
    frame.match(frame.all, frame.sure, LEAST_OVERLAP_OF_ANOTHER_CLASS, any_class=True)
    seen, numbers = frame.seen_again(), [NO_TRACK] * len(detections)
    following = tracks.next_number
    for row, track in seen.items():
        numbers[row] = track.number
    begun = []
    for row in frame.new_rows():
        begun.append(_begin(following, time_s, detections[row], frame.boxes[row]))
        numbers[row], following = following, following + 1
    still = [track for index, track in enumerate(waiting) if index not in frame.found]
    known = sorted((*still, *seen.values(), *begun), key=lambda track: track.number)
    return Tracks(following, time_s, tuple(known)), numbers


class _Frame:
    """The matching of one frame: who still waits and what is still free."""

    def __init__(
        self, last_s: float, time_s: float, tracks: list[Track], detections: Sequence[Detection], sure: float
    ) -> None:
        self.time_s, self.tracks, self.detections = time_s, tracks, detections
        self.boxes = _centred(detections)
        confidences = np.array([one.confidence for one in detections])
        self.surest_first = np.argsort(-confidences, kind="stable")[:MOST_FOLLOWED].tolist()
        self.free = np.zeros(len(detections), bool)
        self.free[self.surest_first] = True
        self.sure = confidences >= sure
        self.all = np.ones(len(tracks), bool)
        self.known = np.array([track.hits > 1 for track in tracks], bool)
        self.recent = np.array([track.last_s >= last_s for track in tracks], bool)
        self.found: dict[int, int] = {}  # index of the track -> row of the detection
        states = np.array([track.state for track in tracks]).reshape(-1, 4, 2)
        variances = np.array([track.variances for track in tracks]).reshape(-1, 4, 3)
        lost_s = np.array([time_s - track.last_s for track in tracks])
        self.states, self.variances = predict(states, variances, lost_s)
        same = np.equal.outer([track.class_id for track in tracks], [one.class_id for one in detections])
        margins = np.sqrt(self.variances[:, :2, 0])
        self.near = overlap(self.states[..., 0], self.boxes, margins) * same
        self.alike = overlap(self.states[..., 0], self.boxes)

    def match(
        self, tracks: NDArray[np.bool_], rows: NDArray[np.bool_], least: float, *, any_class: bool = False
    ) -> None:
        """Let these tracks find their objects among these detections, as far as both are free."""
        waits = tracks.copy()
        waits[list(self.found)] = False
        values = np.where(waits[:, None] & (rows & self.free)[None], self.alike if any_class else self.near, 0.0)
        for index, row in assign(np.where(values >= least, values, 0.0)):
            self.found[index] = row
            self.free[row] = False

    def new_rows(self) -> list[int]:
        """Return the detections that begin a track: the sure ones left that are no second name of a thing."""
        taken, new = list(self.found.values()), []
        alike = overlap(self.boxes, self.boxes)
        for row in self.surest_first:
            if self.free[row] and self.sure[row] and not (alike[row, taken] >= LEAST_OVERLAP_OF_THE_SAME).any():
                new.append(row)
                taken.append(row)
        return sorted(new)

    def seen_again(self) -> dict[int, Track]:
        """Return the tracks that found their objects, by the detections' rows."""
        indices, rows = list(self.found), list(self.found.values())
        states, variances = correct(self.states[indices], self.variances[indices], self.boxes[rows])
        return {
            row: replace(
                self.tracks[index],
                class_id=self.detections[row].class_id,
                hits=self.tracks[index].hits + 1,
                last_s=self.time_s,
                state=_row(state),
                variances=_row(variance),
            )
            for index, row, state, variance in zip(indices, rows, states, variances, strict=True)
        }


def _begin(number: int, time_s: float, detection: Detection, box: NDArray[np.float64]) -> Track:
    states, variances = begin(box[None])
    return Track(number, detection.class_id, 1, time_s, _row(states), _row(variances))


def _row(array: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(array.ravel().tolist())


def _centred(detections: Iterable[Detection]) -> NDArray[np.float64]:
    """Return (N, 4): centre, width and height."""
    corners = np.array([(one.box.x1, one.box.y1, one.box.x2, one.box.y2) for one in detections]).reshape(-1, 4)
    return np.concatenate([(corners[:, :2] + corners[:, 2:]) / 2, corners[:, 2:] - corners[:, :2]], axis=1)
