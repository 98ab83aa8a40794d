"""api/web/used_once.py: each name is used once, whatever the memory for it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from api.web.used_once import UsedOnce

NOW = 1_000.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, which a test may set."""
    now = [NOW]
    monkeypatch.setattr("api.web.used_once.time.time", lambda: now[0])
    return now


def test_name_is_used_once(clock: list[float]):
    used = UsedOnce(at_most=10)
    assert used.use("a", NOW + 60)
    assert not used.use("a", NOW + 60)
    assert used.use("b", NOW + 60)


def test_of_many_at_the_same_time_one_uses_it(clock: list[float]):
    used = UsedOnce(at_most=10)
    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(lambda _: used.use("a", NOW + 60), range(200))) == 1


def test_what_has_expired_is_forgotten(clock: list[float]):
    used = UsedOnce(at_most=10)
    for number in range(5):
        used.use(str(number), NOW + 60)
    clock[0] = NOW + 61
    assert used.use("new", NOW + 120)
    assert len(used) == 1


def test_memory_is_bounded_and_yet_no_name_is_used_twice(clock: list[float]):
    used = UsedOnce(at_most=10)
    expires = {f"{number}": NOW + 60 + number for number in range(100)}
    assert all(used.use(name, when) for name, when in expires.items())
    assert len(used) == 10
    assert not any(used.use(name, when) for name, when in expires.items())
    assert used.use("a younger one", NOW + 200)
