"""api/jobs/behind.py: everything is done, in order, and what fails is heard of."""

import threading

import pytest

from api.jobs.behind import MOST_WAITING, Behind


def test_all_is_done_in_order_on_another_thread():
    done: list[tuple[int, bool]] = []
    with Behind() as behind:
        for number in range(3 * MOST_WAITING):
            behind.do(
                lambda number=number: done.append((number, threading.current_thread() is threading.main_thread()))
            )
    assert done == [(number, False) for number in range(3 * MOST_WAITING)]


def test_what_fails_raises_at_the_end():
    with pytest.raises(ZeroDivisionError), Behind() as behind:
        behind.do(lambda: print(1 // 0))


def test_nothing_more_is_begun_after_an_error():
    held, begun = threading.Event(), []

    def fail() -> None:
        with Behind() as behind:
            behind.do(lambda: held.wait(10) and None)
            behind.do(lambda: begun.append("too late"))
            threading.Timer(0.1, held.set).start()
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert begun == []


def test_no_more_than_a_few_wait():
    held = threading.Event()
    with Behind() as behind:
        behind.do(lambda: held.wait(10) and None)
        for _ in range(MOST_WAITING - 1):
            behind.do(lambda: None)
        threading.Timer(0.1, held.set).start()
        behind.do(lambda: None)
        assert held.is_set(), "it did not wait for the first one"
