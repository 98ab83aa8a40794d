"""benchmarks/robustness/two_models.py: its second model, its clients, and what its rows say."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api.images.decode import decode_image
from api.images.limits import ImageLimits
from api.models.load import load_model
from api.tasks.detection.types import DetectionOptions
from benchmarks.robustness.two_models import BOTH, CLASSES, FIRST, SECOND, make_rows, turn, write_models
from harness.gunicorn_server import GunicornServer

ANSWERS = {FIRST: (FIRST, 80), SECOND: (SECOND, CLASSES)}
RATES = [{FIRST: 40.0, SECOND: 40.0, BOTH: both} for both in (20.0, 37.0, 38.0)]


def test_second_model_finds_about_as_much_as_a_photograph_shows(tmp_path: Path, dog: bytes):
    write_models(tmp_path)
    image = decode_image(dog, orientation=None, limits=ImageLimits()).pixels
    model = load_model(SECOND, tmp_path)
    assert len(model.card.labels) == CLASSES
    assert 0 < len(model.run(image, DetectionOptions()).detections) < 20


def test_clients_of_one_model_are_answered(server: GunicornServer):
    with ThreadPoolExecutor(1) as thread:  # of its own: a browser's test may have left an event loop in this one
        carried = thread.submit(turn, server, FIRST, 0.5).result()
    assert carried.rate > 0


def test_both_targets_are_met():
    assert [row.met for row in make_rows(ANSWERS, RATES)] == [True, True]


@pytest.mark.parametrize(
    ("answers", "rates", "met"),
    [
        ({**ANSWERS, SECOND: (FIRST, 80)}, RATES, [False, True]),
        (ANSWERS, [{FIRST: 40.0, SECOND: 40.0, BOTH: 35.0}], [True, False]),
    ],
)
def test_row_says_what_was_missed(answers: dict[str, tuple[str, int]], rates: list[dict[str, float]], met: list[bool]):
    assert [row.met for row in make_rows(answers, rates)] == met
