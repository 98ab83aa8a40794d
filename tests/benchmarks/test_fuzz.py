"""The fuzzer of benchmarks/robustness for a few seconds; and that its mutants can be made again."""

from collections.abc import Iterator

import pytest

from benchmarks.robustness.fuzz import SMALL_INPUT, fuzz
from harness.gunicorn_server import GunicornServer, running_server
from harness.hostile.mutants import Mutant, make_mutant, make_seeds

pytestmark = pytest.mark.long

MUTANTS = 300
SEED = 20


@pytest.fixture(scope="module")
def server() -> Iterator[GunicornServer]:
    with running_server(**SMALL_INPUT) as started:
        yield started


def test_mutants_are_answered_and_the_worker_lives(server: GunicornServer):
    before = server.worker_pids
    statuses: list[int | None] = []
    complaints: list[str] = []

    def note(mutant: Mutant, status: int | None, complaint: str) -> None:
        statuses.append(status)
        if complaint:
            complaints.append(f"{mutant.number} ({mutant.origin}): {complaint}")

    fuzz(server, SEED, list(range(MUTANTS)), note)
    assert not complaints, "\n".join(complaints)
    assert len(statuses) == MUTANTS
    assert {200, 422} <= set(statuses)
    assert server.worker_pids == before


def test_fuzzer_tells_of_an_answer_that_is_no_answer(server: GunicornServer, monkeypatch: pytest.MonkeyPatch):
    complaints: list[str] = []
    monkeypatch.setattr("benchmarks.robustness.fuzz.EXPECTED", ())
    fuzz(server, SEED, [0, 1, 2], lambda _mutant, _status, complaint: complaints.append(complaint))
    assert len(complaints) == 3
    assert all(complaints)


def test_mutants_can_be_made_again():
    assert [make_mutant(SEED, number) for number in range(50)] == [make_mutant(SEED, number) for number in range(50)]
    assert make_mutant(SEED, 1) != make_mutant(SEED + 1, 1)
    assert {make_mutant(SEED, number).origin for number in range(500)} == set(make_seeds())
