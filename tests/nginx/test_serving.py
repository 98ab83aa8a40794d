"""The API through nginx as deploy/nginx/ sets it up: what is asked arrives, what is answered comes back as it was."""

from tests.gunicorn_server import ALLOWED_ORIGIN
from tests.nginx_server import NginxServer

ORIGIN = {"Origin": ALLOWED_ORIGIN}


def test_photograph_is_answered_through_nginx(nginx: NginxServer, dog: bytes):
    answer = nginx.client.detect(dog, headers=ORIGIN)
    assert answer.status == 200
    assert "dog" in {found["label"] for found in answer.json["detections"]}
    assert answer.headers.get_all("Access-Control-Allow-Origin") == [ALLOWED_ORIGIN]
    assert answer.headers.get_all("X-Request-ID") == [answer.json["request_id"]]
