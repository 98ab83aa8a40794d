"""When a request is sent again, and after how long: the conversation itself, which neither sends nor sleeps."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from pagesight import Lost, Refused, Retries, Unavailable, Unreachable
from pagesight.calls import Call, Pause, read_answer
from pagesight.retries import Pace, persist, retry_after_s
from pagesight.server import Labels

CALL = Call("POST", "/")
REQUEST = httpx.Request("POST", "http://detector.example/v1/detect?x=1")
DETAIL = {"type": "urn:pagesight:problem:busy", "title": "Busy", "detail": "The queue is full.", "request_id": "1"}
Reply = httpx.Response | httpx.TransportError


def answered(status: int, **headers: str) -> httpx.Response:
    headers = {name.replace("_", "-"): text for name, text in headers.items()}
    headers["Content-Type"] = "application/problem+json"
    return httpx.Response(status, json={**DETAIL, "status": status}, headers=headers, request=REQUEST)


def converse(replies: list[Reply], retries: Retries | None = None, pace: Pace | None = None) -> tuple[list[float], Any]:
    """Let a call be answered so; return the pauses that it makes, and what comes of it."""
    conversation = persist(CALL, retries or Retries(), pace or Pace())
    pauses: list[float] = []
    waiting = iter(replies)
    reply: Reply | None = None
    while True:
        try:
            step = conversation.send(reply)
        except StopIteration as end:
            return pauses, end.value
        if isinstance(step, Pause):
            pauses.append(step.seconds)
            reply = None
            if len(pauses) >= len(replies):
                return pauses, None
        else:
            reply = next(waiting)


def lost() -> httpx.TransportError:
    return httpx.ReadError("", request=REQUEST)


def absent() -> httpx.TransportError:
    return httpx.ConnectError("refused", request=REQUEST)


def test_pause_is_as_long_as_the_server_asks():
    pauses, response = converse([answered(503, Retry_After="7"), answered(200)])
    assert pauses == [7]
    assert response.status_code == 200


def test_date_to_wait_for_is_understood():
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert retry_after_s(answered(503, Retry_After=date)) == pytest.approx(30, abs=2)


@pytest.mark.parametrize("text", ["", "soon", "-3", "1.5", "٣", "Wed, 21 Oct 2015 07:28:00"])
def test_unreadable_wish_is_none(text: str):
    response = httpx.Response(503, headers=[(b"Retry-After", text.encode())])
    assert retry_after_s(response) is None


def test_date_that_is_past_means_now():
    assert retry_after_s(answered(503, Retry_After="Wed, 21 Oct 2015 07:28:00 GMT")) == 0


def test_pauses_grow_until_the_server_is_back():
    retries = Retries(first_s=1, longest_s=4, growth=2)
    pauses, response = converse([absent(), absent(), absent(), absent(), answered(200)], retries)
    assert response.status_code == 200
    assert all(full / 2 <= pause <= full for pause, full in zip(pauses, (1, 2, 4, 4), strict=True))


def test_too_often_holds_back_all_requests_of_the_client():
    pace = Pace()
    conversation = persist(CALL, Retries(), pace)
    next(conversation)
    assert isinstance(conversation.send(answered(429, Retry_After="9")), Pause)
    assert next(persist(CALL, Retries(), pace)).seconds == pytest.approx(9, abs=1)  # type: ignore[union-attr]


@pytest.mark.parametrize("status", [400, 401, 404, 413, 415, 422, 500, 504])
def test_what_would_be_refused_again_is_not_sent_again(status: int):
    pauses, response = converse([answered(status)])
    assert (pauses, response.status_code) == ([], status)


def test_patience_ends_in_the_servers_own_words():
    with pytest.raises(Unavailable, match=r"^The queue is full\.$") as caught:
        converse([answered(503, Retry_After="10")], Retries(patience_s=5))
    assert caught.value.problem.status == 503
    with pytest.raises(Unreachable, match=r"Nothing answers at http://detector.example/ \(refused\)"):
        converse([absent()], Retries(patience_s=0))


def test_what_may_break_the_server_is_given_up():
    with pytest.raises(Lost, match="broke before the answer came"):
        converse([lost()] * 4, Retries(lost=3))
    _, response = converse([lost(), absent(), absent(), answered(200)], Retries(lost=1))
    assert response.status_code == 200


def test_refusal_has_the_problem():
    with pytest.raises(Refused, match="The queue is full") as caught:
        read_answer(Labels, answered(415))
    assert (caught.value.status, caught.value.problem.request_id) == (415, "1")


def test_proxy_without_words_is_named_by_its_status():
    response = httpx.Response(504, text="<html>", request=REQUEST)
    with pytest.raises(Unavailable, match="answered 504 Gateway Timeout, and did not say why"):
        read_answer(Labels, response)
