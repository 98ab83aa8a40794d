"""benchmarks/load.py and what measures with it: real clients of a real server."""

import os

import numpy as np
import pytest

from benchmarks.load import Post, measure
from benchmarks.memory import NOW, PEAK, megabytes
from benchmarks.serve_load import added_ms, own_ms, throughput_share
from benchmarks.whole_worker import after
from harness.gunicorn_server import GunicornServer


def test_clients_are_counted_while_they_work():
    load = measure(3, 0.2, lambda: True)
    assert load.clients == 3
    assert load.requests > 0
    assert load.per_second == pytest.approx(load.requests / 0.2)
    assert load.refused == 0


def test_refused_work_is_not_counted():
    load = measure(1, 0.1, lambda: False)
    assert load.requests == 0
    assert np.isnan(load.p50)
    assert load.refused > 0


def test_post_is_answered_by_the_server(server: GunicornServer, dog: bytes):
    post = Post.form(server.port, dog, annotate="false")
    assert post.is_answered()
    assert post.json()["image"] is None
    assert own_ms(post) > 0
    assert not Post.form(server.port, b"no image").is_answered()


def test_answer_without_what_is_expected_is_none(server: GunicornServer, dog: bytes):
    form = Post.form(server.port, dog)
    assert form.is_answered()
    post = Post(server.port, "/", b"", {"Content-Type": "text/plain"}, expected=b"detections")
    assert not post.is_answered()


def test_memory_of_the_worker_is_read_after_its_work(server: GunicornServer, dog: bytes):
    assert after(server, [dog], requests=4, at_once=2) > 50


def test_request_that_fails_is_no_measurement(server: GunicornServer):
    with pytest.raises(RuntimeError, match="a request failed"):
        after(server, [b"no image"], requests=1, at_once=1)


def test_peak_is_at_least_what_is_held_now():
    assert 0 < megabytes(NOW) <= megabytes(PEAK)
    assert megabytes(NOW, os.getpid()) > 0


def test_shares_are_medians_of_the_rounds():
    result = {"throughput_per_s": [(8, 10), (9, 10), (20, 10), (5, 0)], "lone_ms": [(12, 10), (15, 10), (11, 10)]}
    assert throughput_share(result) == 0.9
    assert added_ms(result) == 2
