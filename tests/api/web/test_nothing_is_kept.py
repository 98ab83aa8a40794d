"""Nothing of a visitor reaches the disk or the log. Python tells an audit hook of every file that it opens."""

import io
import logging
import os
import sys
from collections.abc import Iterator

import numpy as np
import pytest
from flask.testing import FlaskClient

from harness.http_client import encode_form
from harness.pictures import encode, make_upright

KINDS = ["JPEG", "PNG", "WEBP", "GIF", "BMP", "HEIF", "AVIF"]
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
MADE_ON_DISK = ("tempfile.mkstemp", "tempfile.mkdtemp", "os.mkdir", "os.rename", "shutil.copyfile")

opened_to_write: list[str] = []


def note_what_is_written(event: str, arguments: tuple[object, ...]) -> None:
    if event in MADE_ON_DISK:
        opened_to_write.append(f"{event} {arguments[0]}")
    elif event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING and not is_pipe(arguments[0]):
        opened_to_write.append(str(arguments[0]))


def is_pipe(name: object) -> bool:
    """Say whether it is an end of a pipe, which is opened by its number."""
    return isinstance(name, int)


@pytest.fixture(scope="module", autouse=True)
def audit() -> None:
    sys.addaudithook(note_what_is_written)  # it stays until the process ends, and costs next to nothing


@pytest.fixture(autouse=True)
def nothing_yet() -> Iterator[None]:
    opened_to_write.clear()
    yield
    opened_to_write.clear()


def test_the_audit_sees_a_file_that_is_written(tmp_path):
    (tmp_path / "kept.jpg").write_bytes(b"somebody's picture")
    assert any("kept.jpg" in name for name in opened_to_write)


@pytest.mark.parametrize("kind", KINDS)
def test_no_file_is_written_for_a_picture(client: FlaskClient, kind: str):
    picture = encode(make_upright(), kind)
    opened_to_write.clear()
    answer = client.post("/", data={"file": (io.BytesIO(picture), "a.jpg"), "candidates": "true"})
    assert answer.status_code == 200
    assert opened_to_write == []


@pytest.mark.parametrize("megabytes", [5, 20])
def test_no_file_is_written_for_a_large_upload(client: FlaskClient, megabytes: int):
    noise = np.random.default_rng(2).integers(0, 256, megabytes * 1_000_000, np.uint8).tobytes()
    body, headers = encode_form(noise)
    opened_to_write.clear()
    answer = client.post("/", data=body, headers=headers)
    assert answer.status_code == (415 if megabytes < 10 else 413)
    assert opened_to_write == []


def test_log_has_no_name_of_a_file_and_nothing_of_its_content(client: FlaskClient, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    for content in (encode(make_upright(), "PNG"), b"a private letter", encode(make_upright(), "JPEG")[:200]):
        client.post("/", data={"file": (io.BytesIO(content), "diary.jpg"), "confidence": "0.5"})
    client.post("/", data={"file": (io.BytesIO(b""), "diary.jpg"), "orientation": "private"})
    assert "method=POST route=/ status=200" in caplog.text
    assert "diary" not in caplog.text
    assert "private" not in caplog.text
