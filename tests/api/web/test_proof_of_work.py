"""api/web/proof_of_work.py: which proofs are taken, and that a challenge knows nobody."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import altcha
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.web.proof_of_work import LASTS_S, MOST_CHARACTERS, ProofOfWork

KEY = "k" * 32
QUICK_S = 0.01


@pytest.fixture
def proofs() -> ProofOfWork:
    return ProofOfWork(KEY, seconds=QUICK_S)


def solve(challenge: dict[str, Any]) -> dict[str, Any]:
    """Return the payload of a solved challenge, as JSON."""
    asked = altcha.Challenge.from_dict(challenge)
    solution = altcha.solve_challenge(asked)
    assert solution
    return altcha.Payload(asked, solution).to_dict()


def encode(payload: Any) -> str:
    return base64.b64encode(json.dumps(payload).encode()).decode()


def test_right_proof_is_taken_once(proofs: ProofOfWork):
    proof = encode(solve(proofs.make_challenge()))
    assert [proofs.accept(proof) for _ in range(3)] == [True, False, False]


def test_same_proof_in_other_words_is_not_taken_again(proofs: ProofOfWork):
    payload = solve(proofs.make_challenge())
    assert proofs.accept(encode(payload))
    parameters = dict(reversed(payload["challenge"]["parameters"].items()))
    for other in (
        {**payload, "solution": {**payload["solution"], "time": 3}},
        {**payload, "solution": {**payload["solution"], "counter": 7}},
        {**payload, "challenge": {**payload["challenge"], "parameters": parameters}},
        {**payload, "more": True},
    ):
        assert not proofs.accept(encode(other))


def test_of_many_at_the_same_time_one_is_taken(proofs: ProofOfWork):
    proof = encode(solve(proofs.make_challenge()))
    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(lambda _: proofs.accept(proof), range(50))) == 1


def test_processes_with_the_same_key_take_each_others_proofs(proofs: ProofOfWork):
    proof = encode(solve(proofs.make_challenge()))
    assert not ProofOfWork("another key" * 4, seconds=QUICK_S).accept(proof)
    assert ProofOfWork(KEY, seconds=QUICK_S).accept(proof)


@pytest.mark.parametrize(
    "change",
    [
        {"cost": 1},
        {"keyPrefix": ""},
        {"keyLength": 1},
        {"expiresAt": 4_000_000_000},
        {"expiresAt": None},
        {"keySignature": None},
        {"nonce": "00" * 16},
        {"algorithm": "SHA-256"},
    ],
)
def test_easier_challenge_is_not_taken(proofs: ProofOfWork, change: dict[str, Any]):
    challenge = proofs.make_challenge()
    payload = solve(challenge)
    payload["challenge"]["parameters"] |= change
    assert not proofs.accept(encode(payload))
    assert proofs.accept(encode(solve(challenge)))  # it was not used up by that


def test_guessed_key_is_not_taken(proofs: ProofOfWork):
    payload = solve(proofs.make_challenge())
    prefix = payload["challenge"]["parameters"]["keyPrefix"]
    payload["solution"]["derivedKey"] = prefix.ljust(64, "0")
    assert not proofs.accept(encode(payload))


def test_late_proof_is_not_taken(proofs: ProofOfWork, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.web.proof_of_work.LASTS_S", -1)
    assert not proofs.accept(encode(solve(proofs.make_challenge())))


@given(st.one_of(st.text(max_size=100), st.binary(max_size=100).map(lambda data: base64.b64encode(data).decode())))
def test_nonsense_is_not_taken(text: str):
    assert not ProofOfWork(KEY, seconds=QUICK_S).accept(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda one: (
            st.lists(one)
            | st.dictionaries(
                st.sampled_from(["challenge", "solution", "parameters", "signature", "counter", "derivedKey"]), one
            )
        ),
    )
)
def test_other_json_is_not_taken(content: Any):
    assert not ProofOfWork(KEY, seconds=QUICK_S).accept(encode(content))


def test_long_header_is_not_even_read(proofs: ProofOfWork, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr("altcha.verify_solution")
    assert not proofs.accept("e" * (MOST_CHARACTERS + 1))


def test_challenges_are_random_and_know_nobody(proofs: ProofOfWork):
    one, other = (proofs.make_challenge()["parameters"] for _ in range(2))
    same = {name for name in one if one[name] == other[name]}
    assert same - {"expiresAt"} == {"algorithm", "cost", "keyLength"}
    assert one.keys() == same | {"expiresAt", "nonce", "salt", "keyPrefix", "keySignature"}


def test_work_is_bounded(monkeypatch: pytest.MonkeyPatch):
    """The number to be found is the largest one: twice the work that is meant."""
    monkeypatch.setattr("api.web.proof_of_work.secrets.randbelow", lambda limit: limit - 1)
    monkeypatch.setattr("api.web.proof_of_work.TRIES_A_SECOND", 1_000)
    solved = solve(ProofOfWork(KEY, seconds=0.05).make_challenge())
    assert solved["solution"]["counter"] == 2 * 50 - 1
    assert LASTS_S > 60
