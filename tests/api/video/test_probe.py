"""api/video/probe.py: what a file is, and the limits in words."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from api.errors import RefusedVideo, TooLarge
from api.video.limits import VideoLimits, check_length
from api.video.probe import probe_video
from harness.videos import KINDS, make_sound, make_video, moving_square, quadrants

LIMITS = VideoLimits()
Files = Callable[..., Path]


@pytest.mark.parametrize("kind", KINDS)
def test_says_what_a_file_is(kind: str, video_file: Files):
    video = probe_video(video_file(kind), LIMITS)
    assert (video.codec, video.width, video.height, video.frames) == (KINDS[kind][2], 160, 96, 30)
    assert video.duration_s == pytest.approx(1.2, abs=0.05)
    assert (video.is_whole, video.has_sound) == (True, False)


def test_pixels_that_are_not_square_count_as_they_are_seen(video_file: Files):
    wide = make_video(moving_square(2), aspect=Fraction(3, 2))
    high = make_video(moving_square(2), aspect=Fraction(1, 2))
    sizes = [(video.width, video.height) for video in (probe_video(video_file(data), LIMITS) for data in (wide, high))]
    assert sizes == [(240, 96), (160, 192)]


def test_a_turned_video_is_as_high_as_it_is_seen(video_file: Files):
    video = probe_video(video_file(make_video(moving_square(2), rotation=90)), LIMITS)
    assert (video.width, video.height) == (96, 160)


def test_a_file_that_ends_early_is_not_whole(video_file: Files):
    data = make_video(moving_square(100), file_options={"movflags": "faststart"})
    video = probe_video(video_file(data[: len(data) * 2 // 3]), LIMITS)
    assert not video.is_whole
    assert video.duration_s < 3 < video.claimed_s


@pytest.mark.parametrize(
    ("limits", "error", "words"),
    [
        (VideoLimits(max_megabytes=0.001), TooLarge, "0.001 are accepted"),
        (VideoLimits(max_seconds=1), RefusedVideo, "takes 2 seconds; at most 1 are accepted"),
        (VideoLimits(max_side=159), RefusedVideo, "160 x 96 pixels; no side may exceed 159"),
    ],
)
def test_refuses_what_is_beyond_a_limit(limits: VideoLimits, error: type[Exception], words: str, video_file: Files):
    with pytest.raises(error, match=words):
        probe_video(video_file("H.264 in MP4"), limits)


def test_refuses_an_endless_length():
    for seconds in (float("inf"), float("nan")):
        with pytest.raises(RefusedVideo, match="endless"):
            check_length(seconds, LIMITS)


def test_refuses_sound_alone_and_headers_alone(video_file: Files):
    with pytest.raises(RefusedVideo, match="no moving pictures"):
        probe_video(video_file(make_sound()), LIMITS)
    with pytest.raises(RefusedVideo, match="cut off or damaged"):
        probe_video(video_file(quadrants()[:100]), LIMITS)


def test_refuses_a_codec_that_is_not_on_the_list(video_file: Files):
    with pytest.raises(RefusedVideo, match="coded in a way that is not read"):
        probe_video(video_file(quadrants().replace(b"avc1\0\0", b"apch\0\0")), LIMITS)
