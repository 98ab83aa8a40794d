"""api/jobs/seat.py: no two workers of one name, and a free seat is seen."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.jobs.seat import FileSeat, NoSeat, PostgresSeat
from harness.postgres import Postgres, running_postgres, why_there_is_none
from harness.waiting import wait_until

OBSTACLE = why_there_is_none()


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    if OBSTACLE:
        pytest.skip(OBSTACLE)
    with running_postgres() as started:
        yield started


def test_one_machine_has_one_seat(tmp_path: Path):
    seat = FileSeat(tmp_path / "worker.lock")
    with pytest.raises(NoSeat):
        FileSeat(tmp_path / "worker.lock")
    seat.leave()
    again = FileSeat(tmp_path / "worker.lock")
    assert again.name == seat.name  # so that it takes up what the one before had begun
    again.leave()


def test_workers_on_one_machine_have_seats_of_their_own(postgres: Postgres):
    first, second = PostgresSeat(postgres.url), PostgresSeat(postgres.url)
    assert first.name != second.name
    assert first.dead([first.name, second.name]) == []
    first.leave()
    wait_until(lambda: second.dead([first.name]))
    again = PostgresSeat(postgres.url)
    assert again.name == first.name
    again.leave()
    second.leave()


def test_a_worker_that_is_gone_is_seen_and_its_seat_left_to_it(postgres: Postgres):
    first, second = PostgresSeat(postgres.url), PostgresSeat(postgres.url)
    assert first.dead([second.name, "another-machine-1"]) == ["another-machine-1"]
    second.leave()
    wait_until(lambda: first.dead([second.name]))
    back = PostgresSeat(postgres.url)
    assert back.name == second.name
    back.leave()
    first.leave()


def test_a_lost_connection_is_a_lost_seat(postgres: Postgres):
    seat = PostgresSeat(postgres.url)
    assert seat.is_held()
    postgres.restart()
    assert not seat.is_held()
    seat.leave()


def test_without_a_database_there_is_no_seat():
    with pytest.raises(NoSeat, match="does not answer"):
        PostgresSeat("postgresql://nobody@127.0.0.1:1/none")
