"""api/work/admission.py with real threads: order, refusal, hand-over. No wait is for luck."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from types import SimpleNamespace

import pytest

from api.errors import Busy, SenderGone
from api.work.admission import Admission, QueueState
from harness.waiting import wait_until

LIMIT_S = 10


class Worker(threading.Thread):
    """Takes a place, notes that it has it, and keeps it until `done` is set."""

    def __init__(self, admission: Admission, order: list[str], name: str) -> None:
        super().__init__(name=name, daemon=True)
        self.admission, self.order = admission, order
        self.done = threading.Event()
        self.start()

    def run(self) -> None:
        with self.admission.slot():
            self.order.append(self.name)
            assert self.done.wait(LIMIT_S)

    def finish(self) -> None:
        self.done.set()
        self.join(LIMIT_S)
        assert not self.is_alive()


@pytest.fixture
def order() -> list[str]:
    """The names of workers in the order in which they got a place."""
    return []


@pytest.fixture
def one_place() -> Admission:
    return Admission(slots=1, queue=3)


@pytest.fixture
def line(one_place: Admission, order: list[str]) -> Iterator[list[Worker]]:
    """One worker at work and three that wait, in the order of their names."""
    workers = [Worker(one_place, order, "a")]
    wait_until(lambda: order == ["a"])
    for waiting, name in enumerate("bcd", start=1):
        workers.append(Worker(one_place, order, name))
        wait_until(lambda: one_place.state().waiting == waiting)  # noqa: B023, it is called at once
    yield workers
    for worker in workers:
        worker.done.set()


def test_state_tells_who_runs_and_waits(one_place: Admission, line: list[Worker]):
    assert one_place.state() == QueueState(running=1, waiting=3, capacity=3, full=True)
    line[0].finish()
    wait_until(lambda: one_place.state() == QueueState(running=1, waiting=2, capacity=3, full=False))


def test_first_come_first_served(order: list[str], line: list[Worker]):
    for number, worker in enumerate(line, start=1):
        wait_until(lambda: len(order) == number)  # noqa: B023, it is called at once
        worker.finish()
    assert order == ["a", "b", "c", "d"]


def test_full_queue_refuses_at_once(one_place: Admission, line: list[Worker]):
    began = time.monotonic()
    with pytest.raises(Busy) as refused, one_place.slot():
        pytest.fail("there was no place")
    assert time.monotonic() - began < 1
    assert refused.value.retry_after_s is not None
    assert refused.value.retry_after_s >= 1
    assert one_place.state().waiting == len(line) - 1


def test_retry_after_follows_how_long_the_work_takes(monkeypatch: pytest.MonkeyPatch):
    now = [0.0]
    monkeypatch.setattr("api.work.admission.time", SimpleNamespace(monotonic=lambda: now[0]))

    def told_after(*, seconds_each: float) -> int | None:
        admission = Admission(slots=1, queue=0)
        for _ in range(50):
            with admission.slot():
                now[0] += seconds_each
            with suppress(ZeroDivisionError), admission.slot():
                raise ZeroDivisionError  # at once: what fails says nothing of how long work takes
        with admission.slot(), pytest.raises(Busy) as refused, admission.slot():
            pass
        return refused.value.retry_after_s

    assert told_after(seconds_each=0.1) == 1
    assert told_after(seconds_each=20) == 20


def test_without_a_queue_all_places_can_be_taken():
    admission = Admission(slots=3, queue=0)
    with ExitStack() as places:
        for _ in range(3):
            assert not admission.state().full
            assert places.enter_context(admission.slot()) < 1
        assert admission.state().full
        with pytest.raises(Busy), admission.slot():
            pass
    assert admission.state() == QueueState(running=0, waiting=0, capacity=0, full=False)


def test_failure_within_gives_the_place_back(one_place: Admission):
    for _ in range(5):
        with pytest.raises(ZeroDivisionError), one_place.slot():
            raise ZeroDivisionError
    assert one_place.state().running == 0


def test_failure_within_hands_over_to_who_waits(one_place: Admission, order: list[str]):
    workers: list[Worker] = []

    def fail_while_another_waits() -> None:
        workers.append(Worker(one_place, order, "next"))
        wait_until(lambda: one_place.state().waiting == 1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), one_place.slot():
        fail_while_another_waits()
    wait_until(lambda: order == ["next"])
    workers[0].finish()
    assert one_place.state().running == 0


def test_time_waited_is_told(one_place: Admission):
    waited: list[float] = []

    def wait_for_a_place() -> None:
        with one_place.slot() as seconds:
            waited.append(seconds)

    with one_place.slot():
        second = threading.Thread(target=wait_for_a_place)
        second.start()
        wait_until(lambda: one_place.state().waiting == 1)
        seen_waiting = time.monotonic()
        wait_until(lambda: time.monotonic() - seen_waiting > 0.05)
    second.join(LIMIT_S)
    assert 0.05 < waited[0] < LIMIT_S


def test_many_threads_never_exceed_the_places():
    admission = Admission(slots=3, queue=5)
    lock = threading.Lock()
    counts = {"inside": 0, "most": 0, "served": 0, "refused": 0}
    together = threading.Barrier(24)

    def visit() -> None:
        together.wait(LIMIT_S)
        for _ in range(200):
            try:
                with admission.slot():
                    with lock:
                        counts["inside"] += 1
                        counts["most"] = max(counts["most"], counts["inside"])
                    time.sleep(0)  # lets others in, if they can
                    with lock:
                        counts["inside"] -= 1
                        counts["served"] += 1
            except Busy:
                with lock:
                    counts["refused"] += 1

    visitors = [threading.Thread(target=visit) for _ in range(24)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join(60)
    assert counts["most"] <= 3
    assert counts["served"] + counts["refused"] == 24 * 200
    assert counts["served"] > 0
    assert counts["refused"] > 0
    assert admission.state() == QueueState(running=0, waiting=0, capacity=5, full=False)


def test_place_is_not_given_to_who_has_gone(one_place: Admission):
    outcomes: list[str] = []

    def wait_in_vain() -> None:
        try:
            with one_place.slot(is_wanted=lambda: False):
                outcomes.append("worked")
        except SenderGone:
            outcomes.append("not worked")

    with one_place.slot(is_wanted=lambda: False):  # who need not wait has only just asked
        gone = threading.Thread(target=wait_in_vain)
        gone.start()
        wait_until(lambda: one_place.state().waiting == 1)
    gone.join(LIMIT_S)
    assert outcomes == ["not worked"]
    assert one_place.state() == QueueState(running=0, waiting=0, capacity=3, full=False)


def test_room_is_told_without_taking_it(one_place: Admission, line: list[Worker]):
    with pytest.raises(Busy):
        one_place.require_room()
    line[0].finish()
    wait_until(lambda: not one_place.state().full)
    one_place.require_room()
