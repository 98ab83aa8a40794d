"""api/web/problem.py: the one shape of every error."""

import json

from api.errors import Busy, OriginNotAllowed
from api.web.problem import Problem, render


def test_body_has_the_members_of_the_contract():
    headers, body = render(Problem.of(Busy("Wait.", retry_after_s=3)), "1")
    assert json.loads(body) == {
        "type": "urn:pagesight:problem:busy",
        "title": "The server is busy",
        "status": 503,
        "detail": "Wait.",
        "request_id": "1",
    }
    assert (headers["Retry-After"], headers["X-Request-ID"]) == ("3", "1")
    assert (headers["Content-Type"], int(headers["Content-Length"])) == ("application/problem+json", len(body))


def test_only_a_page_that_is_refused_may_be_of_any_origin():
    assert "Access-Control-Allow-Origin" not in render(Problem.of(Busy("Wait.")), "1")[0]
    assert render(Problem.of(OriginNotAllowed("No.")), "1")[0]["Access-Control-Allow-Origin"] == "*"
