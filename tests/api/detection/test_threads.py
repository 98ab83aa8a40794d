"""api/detection/threads.py: each inference gets its share, and what it computes does not depend on that."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from api.detection.detector import Detector
from api.detection.threads import SharedThreads


def test_an_inference_alone_has_all_threads() -> None:
    with SharedThreads(2).share() as share:
        assert share == torch.get_num_threads() == 2


@pytest.mark.parametrize(("threads", "shares"), [(1, [1, 1, 1]), (2, [2, 1, 1]), (8, [8, 4, 2])])
def test_inferences_at_once_share_the_threads(threads: int, shares: list[int]) -> None:
    shared = SharedThreads(threads)
    with shared.share() as first, shared.share() as second, shared.share() as third:
        assert [first, second, third] == shares
    with shared.share() as afterwards:
        assert afterwards == threads


def test_each_thread_has_its_own_number() -> None:
    shared, both_begun = SharedThreads(2), threading.Barrier(2)
    numbers: list[int] = []

    def infer() -> None:
        with shared.share() as share:
            both_begun.wait(10)
            assert torch.get_num_threads() == share
            numbers.append(share)

    with ThreadPoolExecutor(2) as pool:
        for work in [pool.submit(infer) for _ in range(2)]:
            work.result(20)
    assert sorted(numbers) == [1, 2]


def test_share_is_given_back_after_a_failure() -> None:
    shared = SharedThreads(2)
    with pytest.raises(ZeroDivisionError), shared.share():
        raise ZeroDivisionError
    with shared.share() as share:
        assert share == 2


def test_detections_do_not_depend_on_the_share(detector: Detector, monkeypatch: pytest.MonkeyPatch) -> None:
    x = torch.rand(1, 3, 320, 416, generator=torch.Generator().manual_seed(1))
    alone = [raw.objectness() for raw in detector.runtime.run(x)]
    shared = SharedThreads(2)
    with shared.share():
        monkeypatch.setattr(detector.runtime, "_threads", shared)
        beside_another = [raw.objectness() for raw in detector.runtime.run(x)]
    assert torch.get_num_threads() == 1
    for found, expected in zip(beside_another, alone, strict=True):
        assert torch.equal(found, expected)
