"""api/models/engines/cores.py: each image gets its share, and what is computed does not depend on that."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import pytest
import torch

from api.models.darknet.detector import Detector
from api.models.engines.cores import HANDOVER_S, SharedThreads


@contextmanager
def at_work(shared: SharedThreads, images: int) -> Iterator[None]:
    with ExitStack() as stack:
        for _ in range(images):
            stack.enter_context(shared.taken())
        yield


@pytest.mark.parametrize(
    ("threads", "images", "share"), [(2, 0, 2), (2, 1, 2), (2, 2, 1), (2, 3, 1), (1, 1, 1), (8, 2, 4), (8, 3, 2)]
)
def test_images_at_once_share_the_threads(threads: int, images: int, share: int) -> None:
    shared = SharedThreads(threads)
    with at_work(shared, images):
        shared.adopt()
        assert torch.get_num_threads() == share


def fail_beside_another(shared: SharedThreads) -> None:
    with shared.taken():
        shared.adopt()
        assert torch.get_num_threads() == 1
        raise ZeroDivisionError


def test_who_is_left_alone_gets_all_threads_once_it_is_no_mere_handover() -> None:
    now_s = 1_000.0
    shared = SharedThreads(2, now=lambda: now_s)
    with shared.taken():
        with pytest.raises(ZeroDivisionError):
            fail_beside_another(shared)
        shared.adopt()
        assert torch.get_num_threads() == 1
        now_s += 2 * HANDOVER_S
        shared.adopt()
        assert torch.get_num_threads() == 2


def test_each_thread_has_its_own_number() -> None:
    shared, first_has_adopted = SharedThreads(2), threading.Event()

    def alone() -> int:
        shared.adopt()
        first_has_adopted.set()
        second.result(20)
        return torch.get_num_threads()

    def beside_another() -> int:
        assert first_has_adopted.wait(20)
        with at_work(shared, 2):
            shared.adopt()
        return torch.get_num_threads()

    with ThreadPoolExecutor(2) as pool:
        second = pool.submit(beside_another)
        first = pool.submit(alone)
        assert (first.result(20), second.result(20)) == (2, 1)


def test_share_changes_within_an_inference_and_no_output_with_it(
    detector: Detector, monkeypatch: pytest.MonkeyPatch
) -> None:
    x = torch.rand(1, 3, 320, 416, generator=torch.Generator().manual_seed(1))
    expected = [raw.objectness() for raw in detector.runtime.run(x)]
    monkeypatch.setattr("api.models.engines.cores.HANDOVER_S", 0.0)
    seen: list[int] = []
    shared = SharedThreads(2)

    def adopt_another_share() -> None:
        with at_work(shared, 1 + len(seen) % 2):
            shared.adopt()
        seen.append(torch.get_num_threads())

    monkeypatch.setattr(detector.runtime.threads, "adopt", adopt_another_share)
    found = [raw.objectness() for raw in detector.runtime.run(x)]
    assert seen[:4] == [2, 1, 2, 1]
    for ours, theirs in zip(found, expected, strict=True):
        assert torch.equal(ours, theirs)
