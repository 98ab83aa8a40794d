"""Small charts as SVG. Colours are classes of the report's style sheet; what comes from outside is escaped."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from api.training.report.figures import Calibration, Score
from api.training.report.words import SPACE, shown

WIDTH, HEIGHT = 480, 280
LEFT, RIGHT, TOP, BOTTOM = 82, 454, 42, 226  # of the field in which lines are drawn
LETTER = 9.0  # wide on average, to put words beside one another
STYLES = ("one", "two", "three")

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Axis:
    """What runs along an axis, from `low` to `high`. `form` says how its values are written."""

    title: str
    low: float
    high: float
    form: str = "{:g}"
    is_log: bool = False
    is_counted: bool = False  # only whole numbers have a tick

    def place(self, value: float) -> float:
        """Return 0..1 for low..high."""
        low, high, value = (math.log10(one) if self.is_log else one for one in (self.low, self.high, value))
        return (value - low) / (high - low) if high > low else 0.5

    @property
    def ticks(self) -> list[float]:
        """Return at most six values that are easily read."""
        if self.is_log:
            decades = range(math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9) + 1)
            return [10.0**decade for decade in decades][:: max(1, len(decades) // 6 + 1)]
        rough = (self.high - self.low) / 5
        if rough <= 0:
            return [self.low]
        power = 10 ** math.floor(math.log10(rough))
        step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)
        step = max(step, 1.0) if self.is_counted else step
        first = math.ceil(self.low / step - 1e-9)
        return [number * step for number in range(first, math.floor(self.high / step + 1e-9) + 1)]


@dataclass(frozen=True, slots=True)
class Series:
    """A line with a name; the points that are no finite numbers are left out."""

    name: str
    points: Sequence[Point]
    has_dots: bool = False


def axis_over(title: str, values: Iterable[float], form: str = "{:g}", least: float | None = None) -> Axis:
    """Return an axis that holds all the finite values, and begins at `least` if that is given."""
    finite = [value for value in values if math.isfinite(value)] or [0.0, 1.0]
    low = min(finite) if least is None else least
    high = max(finite)
    if high <= low:
        high = low + max(abs(low), 1.0) * 0.1
    return Axis(title, low, high + (high - low) * 0.04, form)


def draw_lines(words: str, x: Axis, y: Axis, series: Sequence[Series], rule: tuple[float, str] | None = None) -> Markup:
    """Draw lines; `words` are for those who do not see them. `rule` is an upright line at an x, with its name."""
    parts = [_frame(x, y), _legend([one.name for one in series] if len(series) > 1 else [])]
    if rule and x.low <= rule[0] <= x.high:
        across = _x(x, rule[0])
        anchor = "end" if across > (LEFT + RIGHT) / 2 else "start"
        beside = across - 6 if anchor == "end" else across + 6
        parts.append(_tag('<path class="rule" d="M{:.1f} {}V{}"/>', across, TOP, BOTTOM))
        parts.append(
            _tag('<text x="{:.1f}" y="{}" text-anchor="{}" class="mark">{}</text>', beside, TOP - 6, anchor, rule[1])
        )
    for style, one in zip(STYLES, series, strict=False):
        places = [(_x(x, a), _y(y, b)) for a, b in one.points if math.isfinite(a) and math.isfinite(b)]
        path = "L".join(f"{across:.1f} {down:.1f}" for across, down in places)
        if len(places) > 1:
            parts.append(_tag('<path class="line {}" d="M{}"/>', style, path))
        if one.has_dots or len(places) == 1:
            parts += [_tag('<circle class="dot {}" cx="{:.1f}" cy="{:.1f}" r="4"/>', style, *place) for place in places]
    return _svg(words, parts)


def draw_calibration(words: str, before: Calibration, after: Calibration) -> Markup:
    """Draw how often the model is right against how sure it is: the diagonal is where both are the same."""
    x = Axis("how sure it was", 0, 1, "{:.0%}")
    y = Axis("how often it was right", 0, 1, "{:.0%}")
    parts = [_frame(x, y), _legend(["as it was", "with the temperature"])]
    parts.append(_tag('<path class="rule" d="M{} {}L{} {}"/>', LEFT, BOTTOM, RIGHT, TOP))
    most = max((one.count for one in (*before.bins, *after.bins)), default=1)
    for style, calibration in zip(STYLES, (before, after), strict=False):
        places = [(_x(x, one.confidence), _y(y, one.accuracy)) for one in calibration.bins]
        path = "L".join(f"{across:.1f} {down:.1f}" for across, down in places)
        if len(places) > 1:
            parts.append(_tag('<path class="line {}" d="M{}"/>', style, path))
        for one, (across, down) in zip(calibration.bins, places, strict=True):
            radius = 3 + 5 * math.sqrt(one.count / most)
            parts.append(
                _tag('<circle class="dot {}" cx="{:.1f}" cy="{:.1f}" r="{:.1f}"/>', style, across, down, radius)
            )
    return _svg(words, parts)


def draw_confusion(words: str, confusion: NDArray[np.int64], labels: Sequence[str]) -> Markup:
    """Draw a (C, C) table as a map: a row for each label that was meant, a column for each that was said."""
    names = [shown(label) for label in labels]
    count = len(names)
    shares = confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1)
    parts = [_tag('<rect class="ground" x="0" y="0" width="{}" height="{}"/>', count, count)]
    for row, column in np.argwhere(confusion):
        style = "right" if row == column else "wrong"
        strength = 0.25 + 0.75 * math.sqrt(shares[row, column])
        title = f"{names[row]} taken for {names[column]}: {confusion[row, column]}"
        parts.append(
            _tag('<rect class="{}" x="{}" y="{}" width="1" height="1" fill-opacity="{:.2f}"><title>{}</title></rect>',
                 style, column, row, strength, title)
        )  # fmt: skip
    frame = '<svg class="map" viewBox="0 0 {0} {0}" role="img" aria-label="{1}" shape-rendering="crispEdges">{2}</svg>'
    return _tag(frame, count, words, Markup("").join(parts))


def draw_range(score: Score, guess: float) -> Markup:
    """Draw the accuracy with its interval between 0 and 100 %, and what guessing would bring."""
    low, high = score.interval
    at, first, last, usual = (
        8 + 464 * (value if math.isfinite(value) else 0) for value in (score.share, low, high, guess)
    )
    words = f"The accuracy lies between {low:.1%} and {high:.1%}; always saying the same label has {guess:.1%}."
    anchor = "start" if guess < 0.4 else "end"
    return _tag(
        '<svg class="range" viewBox="0 0 480 48" role="img" aria-label="{}"><path class="scale" d="M8 12H472"/>'
        '<path class="reach" d="M{:.1f} 12H{:.1f}"/><circle class="dot one" cx="{:.1f}" cy="12" r="7"/>'
        '<path class="guess" d="M{:.1f} 3v18"/><text x="{:.1f}" y="40" text-anchor="{}">guessing</text></svg>',
        words, first, last, at, usual, usual + (-6 if anchor == "start" else 6), anchor,
    )  # fmt: skip


def draw_share(share: float) -> Markup:
    """Draw a share as a bar, beside its number in a table."""
    if not math.isfinite(share):
        return Markup("")
    return _tag(
        '<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect class="ground" '
        'width="100" height="6"/><rect class="right" width="{:.1f}" height="6"/></svg>',
        100 * share,
    )


def _frame(x: Axis, y: Axis) -> Markup:
    parts = []
    for value in y.ticks:
        down = _y(y, value)
        parts.append(_tag('<path class="grid" d="M{} {:.1f}H{}"/>', LEFT, down, RIGHT))
        parts.append(
            _tag('<text x="{}" y="{:.1f}" text-anchor="end">{}</text>', LEFT - 8, down + 4, _written(y, value))
        )
    for value in x.ticks:
        across = _x(x, value)
        parts.append(_tag('<path class="tick" d="M{:.1f} {}v5"/>', across, BOTTOM))
        parts.append(
            _tag('<text x="{:.1f}" y="{}" text-anchor="middle">{}</text>', across, BOTTOM + 20, _written(x, value))
        )
    parts.append(_tag('<path class="axis" d="M{} {}H{}"/>', LEFT, BOTTOM, RIGHT))
    middle = (LEFT + RIGHT) / 2
    parts.append(_tag('<text class="title" x="{}" y="{}" text-anchor="middle">{}</text>', middle, HEIGHT - 10, x.title))
    parts.append(
        _tag('<text class="title" transform="translate(14 {}) rotate(-90)" text-anchor="middle">{}</text>',
             (TOP + BOTTOM) / 2, y.title)
    )  # fmt: skip
    return Markup("").join(parts)


def _legend(names: Sequence[str]) -> Markup:
    parts, across = [], float(LEFT)
    for style, name in zip(STYLES, names, strict=False):
        parts.append(_tag('<path class="line {}" d="M{:.1f} 16h18"/>', style, across))
        parts.append(_tag('<text x="{:.1f}" y="20">{}</text>', across + 24, name))
        across += 24 + LETTER * len(name) + 20
    return Markup("").join(parts)


def _written(axis: Axis, value: float) -> str:
    return axis.form.format(0.0 if abs(value) < 1e-12 else value).replace("%", f"{SPACE}%")


def _x(axis: Axis, value: float) -> float:
    return LEFT + (RIGHT - LEFT) * axis.place(value)


def _y(axis: Axis, value: float) -> float:
    """Return the height of a value; what lies beyond the axis stays at its end."""
    return BOTTOM - (BOTTOM - TOP) * min(max(axis.place(value), 0.0), 1.0)


def _svg(words: str, parts: Iterable[Markup]) -> Markup:
    frame = '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    return _tag(frame, WIDTH, HEIGHT, words, Markup("").join(parts))


def _tag(form: str, *values: object) -> Markup:
    return Markup(form).format(*values)  # noqa: S704 (the form is ours, the values are escaped)
