"""Videos as files: made once, since a codec takes its time to start."""

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.videos import quadrants


@pytest.fixture(scope="session")
def video_file(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return a function that returns the path of a good small video, or of the bytes that are given."""
    folder = tmp_path_factory.mktemp("videos")

    def keep(data: bytes | str) -> Path:
        content = quadrants(data) if isinstance(data, str) else data
        path = folder / f"{hash(content)}.mp4"
        path.write_bytes(content)
        return path

    return keep
