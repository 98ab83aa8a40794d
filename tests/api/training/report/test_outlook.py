"""Whether more photographs would help, answered from curves whose truth is known."""

import pytest

from api.training.report.figures import Score
from api.training.report.outlook import look_ahead
from api.training.run import CurvePoint


def curve(*accuracies: float) -> tuple[CurvePoint, ...]:
    return tuple(CurvePoint(photographs=50 * 2**step, accuracy=accuracy) for step, accuracy in enumerate(accuracies))


def test_curve_that_rises_goes_on():
    outlook = look_ahead(curve(0.60, 0.72, 0.804, 0.8628), Score(430, 500))  # errors fall to 0.7 with each doubling
    assert outlook.answer == "yes"
    assert outlook.saved == pytest.approx(0.3, abs=0.005)


def test_order_of_the_points_does_not_matter():
    forwards, backwards = curve(0.60, 0.72, 0.8), curve(0.60, 0.72, 0.8)[::-1]
    assert look_ahead(backwards, Score(400, 500)) == look_ahead(forwards, Score(400, 500))


@pytest.mark.parametrize("accuracies", [(0.900, 0.902, 0.901, 0.902), (0.92, 0.91, 0.90, 0.89)])
def test_curve_that_is_flat_or_falls_promises_nothing(accuracies: tuple[float, ...]):
    assert look_ahead(curve(*accuracies), Score(1_800, 2_000)).answer == "hardly"


def test_where_all_is_right_nothing_is_to_be_gained():
    assert look_ahead(curve(0.97, 0.99, 0.998), Score(990, 1_000)).answer == "perfect"
    assert look_ahead(curve(0.90, 0.95, 0.97), Score(1_000, 1_000)).answer == "perfect"


@pytest.mark.parametrize(
    ("points", "count"),
    [
        ((), 100),
        (curve(0.5, 0.6), 100),
        (tuple(CurvePoint(photographs=size, accuracy=0.9) for size in (50, 60, 70)), 1_000),
        (curve(0.8, 0.7, 0.8), 10),
    ],
    ids=["no curve", "two points", "no doubling", "ten asked"],
)
def test_too_little_is_known(points: tuple[CurvePoint, ...], count: int):
    assert look_ahead(points, Score(8 * count // 10, count)).answer == "unknown"
