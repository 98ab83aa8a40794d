"""benchmarks/home_automation.py in small: frames as Frigate sends them, and what is said of their times."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.home_automation import Round, ask_at_once, cut_frames, make_row
from harness.gunicorn_server import GunicornServer


def test_each_frame_of_each_detector_is_answered(server: GunicornServer, photographs: dict[str, Path]):
    frames = cut_frames([photographs["dog"], photographs["kite"]])
    assert len(set(frames)) == 6
    for frame in frames:
        with Image.open(io.BytesIO(frame)) as image:
            assert (image.size, image.format) == ((320, 320), "JPEG")
    asked = ask_at_once(server, frames, count=3, detectors=2)
    assert asked.times_s.shape == (6,)
    assert (asked.times_s > 0).all()
    assert asked.cpu_ms > 0


@pytest.mark.parametrize(("milliseconds", "detectors", "met"), [(49, 1, True), (51, 1, False), (51, 2, True)])
def test_row_says_what_was_missed(milliseconds: float, detectors: int, met: bool):
    row = make_row("yolox-nano", Round(detectors, np.array([milliseconds, milliseconds, 200]) / 1000, cpu_ms=14.2))
    assert row.met is met
    assert f"median {milliseconds:.1f} ms" in row.measured
    assert "33.3% later than 0.1 s; 14.2 ms of the server's CPU each" in row.measured
