"""What was found, as a few lines: the most frequent first with its count, then the surest."""

from collections import Counter
from collections.abc import Iterable, Mapping

from pagesight import AnyAnswer, ClassificationAnswer, DetectionAnswer, SegmentationAnswer, Stopped, VideoAnswer

from clients.telegram.texts.types import Texts

MOST_LINES = 8
MOST_LETTERS = 60  # of a line that was read, or of a label
LEAST_SHARE = 0.005  # of the picture, rounded to a percent


def lines_of(answer: AnyAnswer | VideoAnswer, texts: Texts) -> list[str]:
    """Return what was found; if that is nothing, one line that says so."""
    if isinstance(answer, VideoAnswer):
        return _of_video(answer, texts)
    if answer.stopped:
        return [_short(answer.stopped.reason)]
    if isinstance(answer, DetectionAnswer):
        best: dict[str, float] = {}
        for one in answer.detections:
            best[one.label] = max(one.confidence, best.get(one.label, 0.0))
        counts = Counter(one.label for one in answer.detections)
        return _shown(_counted(counts, texts, best), texts, texts.nothing)
    if isinstance(answer, ClassificationAnswer):
        return _shown([_share(one.label, one.confidence, texts) for one in answer.classes], texts, texts.nothing)
    if isinstance(answer, SegmentationAnswer):
        shares = sorted(answer.segments.labels, key=lambda one: (-one.share, one.label))
        rows = [_share(one.label, one.share, texts) for one in shares if one.share >= LEAST_SHARE]
        return _shown(rows, texts, texts.nothing)
    return _shown([_short(one.text) for one in answer.lines], texts, texts.no_text)


def _of_video(answer: VideoAnswer, texts: Texts) -> list[str]:
    """Return how many different objects there are; of other tasks, what the most frames show."""
    if answer.counts is not None:
        return _shown(_counted(answer.counts, texts, {}), texts, texts.nothing)
    shown = Counter(label for frame in answer.frames for label in _labels_of(frame))
    rows = [_short(label) for label, _ in sorted(shown.items(), key=lambda one: (-one[1], one[0]))]
    stopped = next((frame.stopped for frame in answer.frames if frame.stopped), None)
    return _shown(rows, texts, _reason(stopped, texts))


def _labels_of(frame: object) -> Iterable[str]:
    """Return what a frame shows first of all: its label, its areas, its lines."""
    classes = getattr(frame, "classes", None) or ()
    segments = getattr(frame, "segments", None)
    lines = getattr(frame, "lines", None) or ()
    areas = [one.label for one in segments.labels if one.share >= LEAST_SHARE] if segments else []
    return {*(one.label for one in classes[:1]), *areas, *(one.text for one in lines)}


def _reason(stopped: Stopped | None, texts: Texts) -> str:
    return _short(stopped.reason) if stopped else texts.nothing


def _counted(counts: Mapping[str, int], texts: Texts, best: Mapping[str, float]) -> list[str]:
    rows = []
    for label, count in sorted(counts.items(), key=lambda one: (-one[1], -best.get(one[0], 0.0), one[0])):
        row = texts.times.format(count=count, label=_short(label))
        rows.append(f"{row} ({_percent(best[label], texts)})" if label in best else row)
    return rows


def _share(label: str, share: float, texts: Texts) -> str:
    return f"{_short(label)} {_percent(share, texts)}"


def _percent(share: float, texts: Texts) -> str:
    return texts.percent.format(number=round(100 * share))


def _shown(rows: list[str], texts: Texts, nothing: str) -> list[str]:
    if len(rows) <= MOST_LINES:
        return rows or [nothing]
    return [*rows[: MOST_LINES - 1], texts.more.format(count=len(rows) - MOST_LINES + 1)]


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 1]}…"
