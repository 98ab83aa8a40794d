"""api/web/rates.py: a share for each name, told from the others, given back with time, and bounded in memory."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from api.web.rates import Rates


class Clock:
    """A clock that stands still until it is told otherwise."""

    now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.mark.parametrize("per_minute", [1, 7, 60, 1000])
def test_as_many_as_a_minute_has_come_at_once_and_then_one_at_a_time(clock: Clock, per_minute: int):
    rates = Rates(per_minute, clock_s=clock)
    assert not any(rates.take("frigate") for _ in range(per_minute))
    wait_s = rates.take("frigate")
    assert wait_s == pytest.approx(60 / per_minute)
    clock.now_s += wait_s
    assert rates.take("frigate") == 0
    assert rates.take("frigate") > 0


def test_who_is_refused_loses_nothing(clock: Clock):
    rates = Rates(1, clock_s=clock)
    rates.take("frigate")
    waits_s = [rates.take("frigate") for _ in range(10)]
    assert waits_s == [60.0] * 10


def test_a_share_is_full_again_after_a_minute_and_never_more_than_full(clock: Clock):
    rates = Rates(5, clock_s=clock)
    for later_s in (60.0, 3600.0):
        assert [rates.take("frigate") == 0 for _ in range(6)] == [True] * 5 + [False]
        clock.now_s += later_s


def test_each_name_has_a_share_of_its_own(clock: Clock):
    rates = Rates(1, clock_s=clock)
    assert [rates.take(name) for name in ("frigate", "bot")] == [0, 0]
    assert rates.take("frigate") > 0


def test_no_crowd_fills_the_memory(clock: Clock):
    rates = Rates(1, at_most=100, clock_s=clock)
    for number in range(10_000):
        rates.take(f"visitor {number}")
        rates.take("always here")
    assert len(rates) == 100
    assert rates.take("always here") > 0
    assert rates.take("visitor 9999") > 0
    assert rates.take("visitor 1") == 0  # forgotten, and with it that it had asked


def test_threads_at_once_get_no_more_than_there_is(clock: Clock):
    rates = Rates(100, clock_s=clock)
    with ThreadPoolExecutor(16) as threads:
        waits_s = list(threads.map(lambda _: rates.take("frigate"), range(400)))
    assert waits_s.count(0.0) == 100
