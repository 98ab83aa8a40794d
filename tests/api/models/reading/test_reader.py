"""The reader of the catalogue on pictures whose text is known: what it reads, where, and in which order."""

import time
from dataclasses import replace

import numpy as np
import pytest

from api.errors import BadRequest
from api.models.load import load_model
from api.models.options import Precision, RunOptions
from api.models.reading.model import BATCH, BATCH_WIDTH, Reader, make_batches
from api.tasks.reading.types import ReadingOptions, TextLine
from harness.real_models import real_model
from tests.api.models.reading.pages import CHINESE, LINES, draw_page

OPTIONS = ReadingOptions()


@pytest.fixture(scope="module")
def reader() -> Reader:
    options = RunOptions(precision=Precision.FP32, input_size=320)  # the letters are large enough, and it is quicker
    model = load_model("read", real_model("read"), options)
    assert isinstance(model, Reader)
    return model


def texts(lines: list[TextLine]) -> list[str]:
    return [line.text for line in lines]


def corners(line: TextLine) -> np.ndarray:
    return np.array(line.polygon)


def test_lines_are_read_from_above_with_their_places(reader: Reader):
    lines = reader.run(draw_page(), OPTIONS).lines
    assert texts(lines) == list(LINES)
    for row, line in enumerate(lines):
        top, left = 40 + 72 * row, 40
        (x1, y1), (x2, y2) = corners(line).min(axis=0), corners(line).max(axis=0)
        assert x1 == pytest.approx(left, abs=12)
        assert y1 == pytest.approx(top, abs=14)
        assert y2 - y1 == pytest.approx(44, abs=16)
        assert 250 < x2 - x1 < 420
        assert line.confidence > 0.9


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_turned_page_is_read_as_well_and_its_lines_begin_where_they_are_read(reader: Reader, quarters: int):
    page = draw_page()
    upright = reader.run(page, OPTIONS).lines
    turned = reader.run(np.ascontiguousarray(np.rot90(page, quarters)), OPTIONS).lines
    assert texts(turned) == texts(upright)
    height, width = page.shape[:2]
    for one, other in zip(upright, turned, strict=True):
        x, y = corners(one).T
        places = {1: (y, width - x), 2: (width - x, height - y), 3: (height - y, x)}[quarters]
        np.testing.assert_allclose(corners(other), np.stack(places, axis=1), atol=12)


def test_a_line_that_leans_is_read_along_its_side(reader: Reader):
    from PIL import Image

    page = Image.fromarray(draw_page(LINES[:1], size=(320, 480)))
    (line,) = reader.run(np.asarray(page.rotate(20, fillcolor="white")), OPTIONS).lines
    assert line.text == LINES[0]
    (x1, y1), (x2, y2) = corners(line)[:2]
    assert np.degrees(np.arctan2(y1 - y2, x2 - x1)) == pytest.approx(20, abs=3)


def test_a_line_that_only_seems_to_stand_on_its_head_is_read_as_it_stands(reader: Reader):
    assert reader.direction
    mistaken = replace(reader.direction, decode=lambda outputs, *_: [True] * len(next(iter(outputs.values()))))
    lines = replace(reader, direction=mistaken).run(draw_page(), OPTIONS).lines
    assert texts(lines) == list(LINES)
    assert corners(lines[0])[0, 0] < 60, "its polygon does not begin at its left"


def test_chinese_is_read(reader: Reader):
    lines = ["天气很好", "中国北京"]
    assert texts(reader.run(draw_page(lines, font=CHINESE), OPTIONS).lines) == lines


def test_a_line_cut_out_by_somebody_else_is_read(reader: Reader):
    assert texts(reader.run(draw_page()[100:170, 20:440], OPTIONS).lines) == [LINES[1]]


def test_results_are_in_the_pixels_of_each_size_that_is_asked_for(reader: Reader):
    once, twice = reader.run_for(draw_page(), OPTIONS, [(320, 640), (640, 1920)])
    assert texts(once.lines) == texts(twice.lines)
    np.testing.assert_allclose(corners(twice.lines[0]), corners(once.lines[0]) * (3, 2))


def test_options_are_kept(reader: Reader):
    page = draw_page()
    assert len(reader.run(page, ReadingOptions(max_lines=2)).lines) == 2
    assert reader.run(page, ReadingOptions(text_confidence=1)).lines == []
    confidences = [line.confidence for line in reader.run(page, ReadingOptions(text_confidence=0)).lines]
    assert len(confidences) >= len(LINES)


@pytest.mark.parametrize(
    ("size", "shade"),
    [((1, 1), 0), ((1, 1), 255), ((2, 2), 127), ((1, 3000), 255), ((3000, 1), 0), ((40, 1), 90), ((240, 320), 255)],
)
def test_a_picture_without_text_has_no_lines(reader: Reader, size: tuple[int, int], shade: int):
    assert reader.run(np.full((*size, 3), shade, np.uint8), OPTIONS).lines == []


def test_noise_is_bounded(reader: Reader):
    noise = np.random.default_rng(0).integers(0, 256, (320, 320, 3), np.uint8)
    assert len(reader.run(noise, ReadingOptions(text_confidence=0, max_lines=5)).lines) <= 5


def test_a_picture_of_25_megapixels_is_read_reduced(reader: Reader):
    page = draw_page(["LARGE"], letters=400, size=(4160, 6000))
    (line,) = reader.run(page, OPTIONS).lines
    assert line.text == "LARGE"
    x1, x2 = corners(line)[:, 0].min(), corners(line)[:, 0].max()
    assert 1000 < x2 - x1 < 2000


def test_of_500_lines_as_many_are_read_as_asked_for(reader: Reader):
    row = "   ".join(f"word{number}" for number in range(10, 35))
    began = time.monotonic()
    lines = reader.run(draw_page([row] * 20, letters=16, size=(760, 1990)), ReadingOptions(max_lines=20)).lines
    assert 0 < len(lines) <= 20
    assert time.monotonic() - began < 60


def test_nothing_is_explained(reader: Reader):
    page = draw_page()
    with pytest.raises(BadRequest, match="`explain` is not for reading"):
        reader.explain(page, reader.run(page, OPTIONS))


def test_batches_have_all_lines_once_and_stay_small():
    widths = np.random.default_rng(1).integers(320, 2401, 60).tolist()
    batches = list(make_batches(widths))
    assert sorted(index for batch in batches for index in batch) == list(range(60))
    for batch in batches:
        assert len(batch) <= BATCH
        assert len(batch) * max(widths[index] for index in batch) <= BATCH_WIDTH
    assert list(make_batches([])) == []
