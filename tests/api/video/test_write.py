"""api/video/write.py: segments that can be made one by one, joined as they are, for every browser."""

from pathlib import Path

import av
import numpy as np
import pytest

from api.video.limits import VideoLimits
from api.video.probe import probe_video
from api.video.read import FrameReader
from api.video.video import Frame, Video
from api.video.write import SegmentWriter, join_segments
from harness.videos import make_video, moving_square

LIMITS = VideoLimits()
SIZE = (96, 160)
UNEVEN_S = [0.1, 0.117, 0.15, 0.2, 0.9, 0.90001, 1.3333333, 2.0, 2.5, 2.75]
PICTURES = moving_square(10)


def write(path: Path, numbers: range) -> Path:
    with SegmentWriter(path, SIZE) as segment:
        for number in numbers:
            segment.write(UNEVEN_S[number], PICTURES[number])
    return path


@pytest.fixture(scope="module")
def segments(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("segments")
    return [write(folder / f"{first}.mp4", range(first, last)) for first, last in ((0, 4), (4, 5), (5, 10))]


@pytest.fixture(scope="module")
def joined(segments: list[Path]) -> Path:
    path = segments[0].with_name("joined.mp4")
    join_segments(segments, path, end_s=3.0)
    return path


def packets_of(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


def frames_of(path: Path) -> tuple[Video, list[Frame]]:
    video = probe_video(path, LIMITS)
    with FrameReader(path, video, LIMITS) as reader:
        return video, list(reader)


def test_keeps_times_and_pictures(joined: Path):
    with av.open(str(joined)) as container:
        times = [float(packet.pts * packet.time_base) for packet in container.demux(video=0) if packet.size]
    assert times == pytest.approx(UNEVEN_S, abs=1 / 90_000)
    video, frames = frames_of(joined)
    assert video.duration_s == pytest.approx(3.0, abs=0.11)
    for frame in frames:
        number = int(np.argmin(np.abs(np.array(UNEVEN_S) - UNEVEN_S[0] - frame.time_s)))
        assert np.abs(frame.pixels.astype(int) - PICTURES[number]).mean() < 9


def test_encodes_nothing_twice(segments: list[Path], joined: Path):
    assert packets_of(joined) == [packet for segment in segments for packet in packets_of(segment)]


def test_each_segment_begins_with_a_key_frame(segments: list[Path], joined: Path):
    with av.open(str(joined)) as container:
        keys = [number for number, packet in enumerate(container.demux(video=0)) if packet.is_keyframe]
    assert keys == [0, 4, 5]
    headers = set()
    for segment in segments:
        with av.open(str(segment)) as container:
            headers.add(container.streams.video[0].codec_context.extradata)
    assert len(headers) == 1


def test_plays_in_every_browser(joined: Path):
    data = joined.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    with av.open(str(joined)) as container:
        (stream,) = container.streams
        context = stream.codec_context
        assert (context.name, context.pix_fmt, context.profile) == ("h264", "yuv420p", "High")
        assert not context.has_b_frames


def test_a_segment_made_again_is_the_same(segments: list[Path], tmp_path: Path):
    assert write(tmp_path / "again.mp4", range(4)).read_bytes() == segments[0].read_bytes()


def test_nothing_is_left_of_a_segment_that_failed(tmp_path: Path):
    with pytest.raises(IndexError):
        write(tmp_path / "segment.mp4", range(11))
    assert list(tmp_path.iterdir()) == []


def test_a_segment_is_there_only_when_it_is_whole(tmp_path: Path):
    with SegmentWriter(tmp_path / "segment.mp4", SIZE) as segment:
        segment.write(0.0, PICTURES[0])
        assert not (tmp_path / "segment.mp4").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["segment.mp4"]


def test_a_join_that_failed_leaves_nothing(segments: list[Path], tmp_path: Path):
    (tmp_path / "broken.mp4").write_bytes(segments[0].read_bytes()[:200])
    with pytest.raises(av.FFmpegError):
        join_segments([segments[0], tmp_path / "broken.mp4"], tmp_path / "joined.mp4")
    with pytest.raises(ValueError, match="no frame was written"):
        join_segments([], tmp_path / "joined.mp4")
    assert [path.name for path in tmp_path.iterdir()] == ["broken.mp4"]


@pytest.mark.parametrize(
    ("size", "drawn"),
    [
        ((640, 272), (272, 640)),
        ((193, 145), (144, 192)),
        ((1920, 1080), (720, 1280)),
        ((1080, 1920), (1280, 720)),
        ((4096, 100), (32, 1280)),
        ((1, 4096), (1280, 2)),
        ((1440, 1440), (720, 720)),
    ],
)
def test_drawn_size_is_even_and_at_most_720p(size: tuple[int, int], drawn: tuple[int, int]):
    width, height = size
    assert Video("MP4", "h264", width, height, 1.0, 1.0, 25, True, False).drawn_size == drawn


def test_other_programs_see_the_same_colours(tmp_path: Path):
    red = np.full((64, 64, 3), (220, 30, 30), np.uint8)
    with SegmentWriter(tmp_path / "red.mp4", (64, 64)) as segment:
        segment.write(0.0, red)
    _, (frame,) = frames_of(tmp_path / "red.mp4")
    assert np.abs(frame.pixels.astype(int) - red).max() <= 4
    (tmp_path / "other.mp4").write_bytes(make_video([red]))
    _, (other,) = frames_of(tmp_path / "other.mp4")
    assert np.abs(other.pixels.astype(int) - frame.pixels).max() <= 6
