"""api/video/read.py: upright pictures at the right times, whatever the codec, and from any place on."""

import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from api.video.limits import VideoLimits
from api.video.probe import probe_video
from api.video.read import FrameReader
from api.video.video import Frame
from harness.videos import KINDS, Pixels, make_video, moving_square, quadrants

LIMITS = VideoLimits()
CLOSE = 6  # of 255, on the average
UNEVEN_S = [0.0, 0.017, 0.05, 0.051, 0.2, 0.201, 0.3, 0.9, 1.0, 1.333]
Files = Callable[..., Path]


def read(path: Path, limits: VideoLimits = LIMITS, **wishes) -> tuple[list[Frame], FrameReader]:
    with FrameReader(path, probe_video(path, LIMITS), limits, **wishes) as reader:
        return list(reader), reader


def difference(one: Pixels, other: Pixels) -> float:
    assert one.shape == other.shape
    return float(np.abs(one.astype(int) - other).mean())


@pytest.mark.parametrize("kind", KINDS)
def test_reads_each_kind_and_begins_anywhere(kind: str, video_file: Files):
    frames, reader = read(video_file(kind))
    assert [frame.time_s for frame in frames] == pytest.approx([number / 25 for number in range(30)], abs=0.001)
    assert max(difference(frame.pixels, picture) for frame, picture in zip(frames, moving_square(30), strict=True)) < 9
    assert (reader.skipped, reader.ended_early) == (0, "")
    rest, _ = read(video_file(kind), after_s=frames[16].time_s)
    assert [frame.time_s for frame in rest] == [frame.time_s for frame in frames[17:]]
    assert [frame.is_analysed for frame in rest] == [frame.is_analysed for frame in frames[17:]]
    assert all(np.array_equal(one.pixels, other.pixels) for one, other in zip(rest, frames[17:], strict=True))


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("is_mirrored", [False, True])
def test_pictures_are_upright(rotation: int, is_mirrored: bool, video_file: Files):
    (picture,) = moving_square(1)
    path = video_file(make_video([picture], rotation=rotation, is_mirrored=is_mirrored, crf="5"))
    expected = np.rot90(picture, rotation // 90)
    (frame,), _ = read(path)
    assert difference(frame.pixels, expected[:, ::-1] if is_mirrored else expected) < CLOSE


def test_times_are_the_frames_own(video_file: Files):
    frames, _ = read(video_file(make_video(moving_square(10), times_s=UNEVEN_S)))
    assert [frame.time_s for frame in frames] == pytest.approx([0.0, 0.017, 0.05, 0.2, 0.3, 0.9, 1.0, 1.333])
    assert [frame.time_s for frame in frames if frame.is_analysed] == pytest.approx([0.0, 0.2, 0.9, 1.0, 1.333])


def test_time_begins_where_a_player_begins(video_file: Files):
    late = [7.0 + number / 25 for number in range(10)]
    frames, _ = read(video_file(make_video(moving_square(10), "H.264 in MKV", times_s=late)))
    assert frames[0].time_s == pytest.approx(0)
    assert frames[-1].time_s == pytest.approx(9 / 25, abs=0.002)


@pytest.mark.parametrize(("every", "expected"), [(1, 2), (5, 6), (12.5, 15), (25, 30), (60, 30)])
def test_analyses_so_many_a_second(every: float, expected: int, video_file: Files):
    frames, _ = read(video_file("H.264 in MP4"), every=every, only_analysed=True)
    assert len(frames) == expected
    assert all(frame.is_analysed for frame in frames)


def test_leaves_out_what_comes_quicker_than_screens_show(video_file: Files):
    frames, _ = read(video_file(make_video(moving_square(48, 16, 16), fps=240)))
    assert len(frames) == 12
    assert frames[1].time_s == pytest.approx(1 / 60, abs=0.001)


def test_gives_frames_in_the_size_that_is_wanted(video_file: Files):
    (frame, *_), _ = read(video_file("H.264 in MP4"), size=(48, 80))
    assert difference(frame.pixels, moving_square(1, 48, 80)[0]) < 15
    (turned, *_), _ = read(video_file(make_video(moving_square(2), rotation=90)), size=(80, 48))
    assert turned.pixels.shape == (80, 48, 3)
    (wide, *_), _ = read(video_file(make_video(moving_square(2), aspect=Fraction(2, 1))))
    assert wide.pixels.shape == (96, 320, 3)


def test_broken_packets_are_skipped_and_counted_once(video_file: Files):
    data = bytearray(quadrants("H.264 in MOV"))
    place = data.index(b"mdat") + 1200
    data[place : place + 40] = bytes(range(100, 140))
    path = video_file(bytes(data))
    frames, reader = read(path)
    assert 5 < len(frames) < 30
    assert reader.skipped > 0
    middle = frames[len(frames) // 2]
    with FrameReader(path, probe_video(path, LIMITS), LIMITS) as first:
        while next(first).time_s < middle.time_s:
            pass
    rest, second = read(path, after_s=middle.time_s)
    assert [frame.time_s for frame in rest] == [frame.time_s for frame in frames if frame.time_s > middle.time_s]
    assert first.skipped + second.skipped == reader.skipped


def test_a_reading_beyond_the_limit_ends_in_words(video_file: Files):
    frames, reader = read(video_file("H.264 in MP4"), VideoLimits(max_seconds=0.5))
    assert frames[-1].time_s <= 0.5
    assert reader.ended_early == "The video goes on after 0.5 seconds; the rest is left out."


def test_can_be_broken_off_and_gone_on_with(video_file: Files):
    path = video_file("VP9 in WebM")
    with FrameReader(path, probe_video(path, LIMITS), LIMITS) as reader:
        for frame in reader:
            if frame.time_s > 0.5:
                break
        assert next(reader).time_s > frame.time_s
        assert len(list(reader)) == 30 - 15
        assert list(reader) == []


def test_size_changes_in_the_file_do_not_reach_the_frames(video_file: Files, tmp_path: Path):
    small, large = (make_video(moving_square(5, *size), "H.264 in MKV") for size in ((96, 160), (192, 320)))
    video = probe_video(video_file(small), LIMITS)
    with FrameReader(video_file(large), video, LIMITS) as reader:
        assert next(reader).pixels.shape == (96, 160, 3)


def test_making_a_video_leaves_the_priority_of_the_tests_alone():
    make_video(moving_square(2), "AV1 in MP4")
    assert os.sched_getscheduler(0) == os.SCHED_OTHER
