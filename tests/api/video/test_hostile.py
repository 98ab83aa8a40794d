"""A choice of the hostile videos; `python -m benchmarks.robustness.videos` reads them all, and measures."""

import resource
from pathlib import Path

import pytest

from api.video.limits import VideoLimits
from harness.hostile.video_outcome import find_outcome
from harness.hostile.videos import NEIGHBOUR, VideoCase, make_corpus
from harness.opened_files import watched
from harness.videos import quadrants

CHOSEN = (
    "H.264 in MP4 cut at 70%",
    "MP4 with its index in front cut at 70%",
    "VP9 in WebM cut at 50%",
    "MPEG-4 in AVI cut at 90%",
    "HEVC in MP4 with 20 bytes changed",
    "AV1 in MP4 with a hole",
    "MP4 whose clock ticks 0 times a second",
    "MP4 with 2147483648 times",
    "MP4 with 4294967295 samples",
    "MP4 whose boxes lie in each other",
    "MP4 that points to another file",
    "MKV that claims inf s",
    "MKV of an endless element",
    "AVI that claims 4294967295 streams",
    "MKV with a jump of a year",
    "H.264 in MP4 of 8192 x 8192",
    "H.264 of 64 x 64 that grows to 8192 x 8192",
    "MP4 of 10,000 streams",
    "MKV of 10,000 streams",
    "AVI of 10,000 streams",
    "WebM with sound only",
    "text: ffconcat that reads its neighbour",
    "JPEG under another name",
)
LEAST_CASES = 200


@pytest.fixture(scope="module")
def corpus() -> dict[str, VideoCase]:
    return {case.name: case for case in make_corpus()}


def test_there_are_enough_and_each_has_a_name_of_its_own(corpus: dict[str, VideoCase]):
    assert len(corpus) == len(list(make_corpus())) >= LEAST_CASES


@pytest.mark.parametrize("name", CHOSEN)
def test_hostile_video_is_refused_or_read_as_far_as_it_goes(name: str, corpus: dict[str, VideoCase], tmp_path: Path):
    neighbour, path = tmp_path / NEIGHBOUR, tmp_path / "hostile.mp4"
    neighbour.write_bytes(quadrants())
    path.write_bytes(corpus[name].make())
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with watched(neighbour) as was_opened:
        outcome, words = find_outcome(path, VideoLimits())
        assert not was_opened()
    assert outcome in corpus[name].outcomes, words
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert used.ru_utime - before.ru_utime < 5
