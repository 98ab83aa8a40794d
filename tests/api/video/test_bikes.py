"""A real video, bikes.mp4 (tests/models.toml): what it is, all of its frames, and its scenes."""

from itertools import pairwise

import pytest

from api.video.cuts import glance, is_cut
from api.video.limits import VideoLimits
from api.video.probe import probe_video
from api.video.read import FrameReader
from harness.real_models import real_model

LIMITS = VideoLimits()
CUTS_S = [1.2, 3.2, 5.6, 7.6, 9.8]  # as one sees them, at five frames a second


def test_frames_and_scenes_are_those_one_sees():
    path = real_model("bikes") / "bikes.mp4"
    video = probe_video(path, LIMITS)
    assert (video.kind, video.codec, video.width, video.height, video.frames) == ("MP4", "h264", 640, 272, 250)
    assert (video.duration_s, video.is_whole, video.has_sound) == (10.0, True, False)
    with FrameReader(path, video, LIMITS) as reader:
        frames = [(frame.time_s, glance(frame.pixels)) for frame in reader if frame.is_analysed]
    assert len(frames) == 50
    cuts = [now[0] for before, now in pairwise(frames) if is_cut(before[1], now[1])]
    assert cuts == pytest.approx(CUTS_S)
