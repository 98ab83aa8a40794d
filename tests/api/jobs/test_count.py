"""api/jobs/count.py: a count that nobody waits for."""

import threading

from api.errors import NotReady
from api.jobs.count import LatestCount
from harness.waiting import wait_until


def test_a_question_that_hangs_is_neither_waited_for_nor_asked_again():
    asked, answered = [], threading.Event()

    def ask() -> int:
        asked.append(1)
        answered.wait(60)
        return 7

    count = LatestCount(ask, every_s=0.0)
    assert [count.get() for _ in range(5)] == [None] * 5
    assert len(asked) == 1
    answered.set()
    wait_until(lambda: count.get() == 7)


def test_what_cannot_be_asked_is_not_known():
    answers = iter([3])

    def ask() -> int:
        for number in answers:
            return number
        raise NotReady("The database is away.")

    count = LatestCount(ask, every_s=0.0)
    wait_until(lambda: count.get() == 3)
    wait_until(lambda: count.get() is None)
