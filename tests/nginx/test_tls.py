"""nginx with a certificate: what it speaks, what it sends elsewhere, and what a renewal takes."""

import socket
import ssl
from collections.abc import Iterator

import pytest

from harness.gunicorn_server import ALLOWED_ORIGIN, GunicornServer
from harness.http_client import Client
from harness.life.deployment import wait_until
from harness.nginx_server import DOMAIN, NginxServer, running_nginx

ORIGIN = {"Origin": ALLOWED_ORIGIN}


@pytest.fixture(scope="module")
def secure(server: GunicornServer) -> Iterator[NginxServer]:
    with running_nginx(server.host, tls=True) as started:
        yield started


def handshake(server: NginxServer, **settings: object) -> ssl.SSLSocket:
    context = server.tls
    assert context is not None
    context.set_alpn_protocols(["h2", "http/1.1"])
    for name, setting in settings.items():
        setattr(context, name, setting)
    return context.wrap_socket(socket.create_connection((DOMAIN, server.port), 60), server_hostname=DOMAIN)


def test_photograph_is_answered(secure: NginxServer, dog: bytes):
    answer = secure.client.detect(dog, headers=ORIGIN)
    assert answer.status == 200
    assert answer.headers["Access-Control-Allow-Origin"] == ALLOWED_ORIGIN
    assert int(answer.headers["Strict-Transport-Security"].removeprefix("max-age=")) >= 31_536_000


def test_plain_http_is_sent_to_https_and_keeps_its_method(secure: NginxServer):
    answer = Client(secure.http_port).request("POST", "/v1/detect?a=b", b"x", {"Host": "evil.example"})
    assert (answer.status, answer.headers["Location"]) == (308, f"https://{DOMAIN}/v1/detect?a=b")


def test_certificate_authority_finds_its_challenge(secure: NginxServer):
    challenges = secure.folder / "acme" / ".well-known" / "acme-challenge"
    challenges.mkdir(parents=True)
    (challenges / "token").write_text("token.thumbprint", encoding="ascii")
    plain = Client(secure.http_port)
    assert plain.get("/.well-known/acme-challenge/token").body == b"token.thumbprint"
    assert plain.get("/.well-known/acme-challenge/../../key.pem").status != 200
    answer = plain.get("/.well-known/acme-challenge/other")
    assert (answer.status, answer.content_type) == (404, "application/problem+json")


def test_plain_http_on_the_port_of_https_is_told_so(secure: NginxServer):
    answer = Client(secure.https_port).get("/", ORIGIN)
    assert (answer.status, answer.json["type"]) == (400, "urn:pagesight:problem:bad-request")


def test_other_names_are_not_served(secure: NginxServer):
    answer = secure.client.get("/status_check", {"Host": "evil.example", **ORIGIN})
    assert (answer.status, answer.json["type"]) == (421, "urn:pagesight:problem:misdirected-request")


def test_http_2_is_offered(secure: NginxServer):
    with handshake(secure) as connection:
        assert connection.selected_alpn_protocol() == "h2"


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_present_versions_of_tls_are_spoken(secure: NginxServer, version: ssl.TLSVersion):
    with handshake(secure, minimum_version=version, maximum_version=version) as connection:
        assert connection.version() == version.name.replace("v1_", "v1.")


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_old_versions_of_tls_are_refused(secure: NginxServer):
    with pytest.raises(ssl.SSLError):
        handshake(secure, minimum_version=ssl.TLSVersion.TLSv1_1, maximum_version=ssl.TLSVersion.TLSv1_1)


def test_cipher_without_forward_secrecy_is_refused(secure: NginxServer):
    context = secure.tls
    assert context is not None
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AES128-GCM-SHA256")
    with pytest.raises(ssl.SSLError), socket.create_connection((DOMAIN, secure.port), 60) as connection:
        context.wrap_socket(connection, server_hostname=DOMAIN)


def served_certificate(server: NginxServer) -> bytes | None:
    with handshake(server) as connection:
        return connection.getpeercert(binary_form=True)


def test_renewed_certificate_is_served_after_a_reload(secure: NginxServer):
    before = served_certificate(secure)
    secure.renew_certificate()
    assert served_certificate(secure) == before
    secure.reload()
    wait_until(lambda: served_certificate(secure) != before)  # the old workers answer until they are told to end
