"""What nginx keeps of a visitor: nothing on disk, and in its log neither address nor query string nor unknown path."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress

import pytest

from api.web.openapi import read_contract
from harness.gunicorn_server import PROJECT, GunicornServer
from harness.http_client import Client, encode_form
from harness.nginx_server import NGINX, NginxServer, free_ports, running_nginx
from harness.waiting import wait_until

MEGABYTE = b"x" * 1_000_000
LINE = re.compile(
    r"\d{4}-\d\d-\d\dT[\d:]{8}[+-]\d\d:\d\d id=(?P<id>\S+) client=(?P<client>\S+) method=(?P<method>\S+)"
    r" route=(?P<route>\S+) status=(?P<status>\d+) bytes_in=\d+ bytes_out=\d+ seconds=[\d.]+"
    r" upstream=\S+ upstream_seconds=\S+"
)


@pytest.fixture(scope="module")
def private(server: GunicornServer) -> Iterator[NginxServer]:
    with running_nginx(server.host) as started:
        yield started


@pytest.fixture(scope="module")
def visitors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """An nginx that tells what `visitors.conf` makes of the address in X-Test."""
    folder = tmp_path_factory.mktemp("visitors")
    (port,) = free_ports(1)
    template = PROJECT / "deploy" / "nginx" / "pagesight" / "visitors.conf"
    (folder / "nginx.conf").write_text(
        f"""daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log; events {{}}
        http {{
            access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
            uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s; set_real_ip_from 127.0.0.1; real_ip_header X-Test;
            include {template};
            limit_req_zone $pagesight_visitor zone=counted:1m rate=1r/m;
            server {{
                listen 127.0.0.1:{port};
                location /address {{ return 200 $pagesight_address; }}
                location /counted {{ limit_req zone=counted; try_files /none =404; }}
            }}
        }}""",
        encoding="utf-8",
    )
    process = subprocess.Popen([NGINX, "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"])
    try:
        client = Client(port)
        wait_until(lambda: is_answered(client))
        yield client
    finally:
        process.terminate()
        process.wait()


def is_answered(client: Client) -> bool:
    with suppress(ConnectionRefusedError):
        return client.get("/address").status == 200
    return False


def logged(server: NginxServer, request_id: str) -> "re.Match[str]":
    line = LINE.fullmatch(server.log_line(f"id={request_id} "))
    assert line, server.log()
    return line


def test_line_tells_what_the_owner_needs(private: NginxServer):
    visitor = {"X-Request-ID": "id-1", "User-Agent": "secret", "Referer": "secret"}
    private.client.request("POST", "/status_check?secret=1", headers=visitor)
    line = logged(private, "id-1")
    told = (line["client"], line["method"], line["route"], line["status"])
    assert told == ("127.0.0.0", "POST", "/status_check", "405")


def test_every_route_is_known_to_the_log():
    log = (PROJECT / "deploy/nginx/pagesight/log.conf").read_text(encoding="utf-8")
    known = [
        re.compile(pattern.replace("?<", "?P<"))
        for pattern in re.findall(r'"~(\S+)" (?:\$route|/v1/jobs\S*|/v1/vision/\S*);', log)
    ]
    assert len(known) == 5
    assert not [path for path in read_contract()["paths"] if not any(pattern.match(path) for pattern in known)]


@pytest.mark.parametrize("path", ["/secret", "/status_check/secret", "/?/secret=1", "/%73ecret", "/v1/detect-secret"])
def test_line_holds_no_word_of_the_visitor(private: NginxServer, path: str):
    request_id = str(abs(hash(path)))
    private.client.get(path, {"X-Request-ID": request_id})
    assert logged(private, request_id)["route"] in ("-", "/")
    assert "secret" not in private.log()


def test_errors_are_written_nowhere_with_an_address(dog: bytes):
    (port,) = free_ports(1)
    with running_nginx(f"127.0.0.1:{port}") as nginx:
        assert nginx.client.detect(dog, path="/?secret=1", headers={"X-Request-ID": "first"}).status == 502
        assert nginx.client.get("/%zz?secret=1").status == 400
        assert nginx.client.detect(MEGABYTE * 20, path="/?secret=1").status == 413
        assert " method=POST route=/ status=502 " in nginx.log_line("id=first ")
        assert "secret" not in nginx.log() + nginx.log("error.log")
        assert "127.0.0.1" not in nginx.log() + nginx.log("error.log")


def test_address_that_a_visitor_claims_is_not_believed(private: NginxServer, server: GunicornServer):
    claims = {"X-Forwarded-For": "198.51.100.1", "X-Real-IP": "198.51.100.1", "Forwarded": "for=198.51.100.1"}
    private.client.get("/nothing-here", {"X-Request-ID": "claimed", **claims})
    (line,) = (line for line in server.log().splitlines() if "id=claimed" in line)
    assert "client=127.0.0.0" in line
    assert logged(private, "claimed")["client"] == "127.0.0.0"


def test_uploads_and_answers_need_no_disk(private: NginxServer, dog: bytes):
    for folder in private.folder.glob("temp-*"):
        shutil.rmtree(folder)  # a file there could not be made
    assert private.client.detect(MEGABYTE * 9).status == 415
    body, headers = encode_form(dog)
    pieces = (body[start : start + 10_000] for start in range(0, len(body), 10_000))
    assert private.client.request("POST", "/", pieces, headers).status == 200
    assert not list(private.folder.glob("temp-*"))


def test_files_that_are_outgrown_go_to_memory():
    text = (PROJECT / "deploy" / "nginx" / "render.sh").read_text(encoding="utf-8")
    assert re.search(r"\[TEMP\]=/run/", text)
    limits = (PROJECT / "deploy" / "nginx" / "pagesight" / "limits.conf").read_text(encoding="utf-8")
    assert len(re.findall(r"^\w+_temp_path @TEMP@-\w+;", limits, re.MULTILINE)) == 5


@pytest.mark.parametrize(
    ("address", "shortened"),
    [
        ("203.0.113.77", "203.0.113.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"),
        ("2001:db8:1::5", "2001:db8:1::"),
        ("2001:db8::5", "2001:db8::"),
        ("2001::5", "2001::"),
        ("::5", "::"),
        ("2001:db8:0:0:1::5", "2001:db8::"),
    ],
)
def test_address_is_shortened(visitors: Client, address: str, shortened: str):
    assert visitors.get("/address", {"X-Test": address}).body.decode() == shortened


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("203.0.113.1", "203.0.113.1", True),
        ("203.0.113.2", "203.0.113.3", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:3::1", "2001:db8:1:4::1", False),
    ],
)
def test_visitors_are_counted_by_address_or_by_64(visitors: Client, first: str, second: str, same: bool):
    assert visitors.get("/counted", {"X-Test": first}).status == 404
    assert visitors.get("/counted", {"X-Test": second}).status == (503 if same else 404)
