"""One real nginx with many sites, each on a port of its own: one as it should be, the others with one fault each."""

import getpass
import os
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.gunicorn_server import ALLOWED_ORIGIN
from harness.nginx_server import free_ports
from tests.deploy.doctor_certificates import write_certificates

HOST = "detector.test"
PAGE_HOST = ALLOWED_ORIGIN.removeprefix("https://")
START_LIMIT_S = 20
POLL_S = 0.02

LIMITS = "client_header_timeout 1s; client_max_body_size 11m;"
PROBLEMS = f"""
    error_page 413 502 /.problem;
    location = /.problem {{
        internal;
        default_type application/problem+json;
        add_header Access-Control-Allow-Origin {ALLOWED_ORIGIN} always;
        return 200 '{{"status": $status}}';
    }}"""
OWN_CORS = "proxy_hide_header Access-Control-Allow-Origin; add_header Access-Control-Allow-Origin"
MAIN = """
daemon off;
user {user};
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
events {{ worker_connections 200; }}
http {{
    access_log off;
    server_tokens off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    limit_req_zone $server_port zone=slow:1m rate=1r/s;
    {servers}
}}
"""


@dataclass(frozen=True, kw_only=True)
class Site:
    """What one server of nginx is made of. Without a certificate it is plain HTTP.

    `upstream` is one of the tests' APIs, unless nginx has an `answer` of its own; `location` is said besides.
    """

    certificate: str | None = "good"
    limits: str = LIMITS
    problems: str = PROBLEMS
    upstream: str = "api"
    answer: str = ""
    location: str = ""
    more: str = ""

    def write(self, port: int, upstreams: Mapping[str, str]) -> str:
        """Return it in nginx's language."""
        tls = f"ssl_certificate {self.certificate}.pem; ssl_certificate_key {self.certificate}.key;"
        answer = self.answer or f"proxy_pass http://{upstreams[self.upstream]}; proxy_set_header Host $host;"
        return f"""
    server {{
        listen 127.0.0.1:{port}{" ssl" if self.certificate else ""};
        {tls if self.certificate else ""}
        {self.limits}
        {self.problems}
        {self.more}
        location / {{
            {answer}
            {self.location}
        }}
    }}"""


SITES = {
    "good": Site(),
    "redirect": Site(certificate=None, answer=f"return 308 https://{HOST}$request_uri;"),
    "no redirect": Site(certificate=None),
    "redirect elsewhere": Site(certificate=None, answer="return 301 https://parking.test/;"),
    "page": Site(certificate="page", answer="root page;"),
    "expired": Site(certificate="expired"),
    "ends soon": Site(certificate="ends-soon"),
    "not yet": Site(certificate="not-yet"),
    "other name": Site(certificate="other-name"),
    "self-signed": Site(certificate="self-signed"),
    "unknown authority": Site(certificate="unknown"),
    "incomplete chain": Site(certificate="incomplete"),
    "staging": Site(certificate="staging"),
    "old TLS": Site(more='ssl_protocols TLSv1 TLSv1.1 TLSv1.2; ssl_ciphers "ALL:@SECLEVEL=0";'),
    "another server": Site(answer="return 200 'It works!';"),
    "API is down": Site(upstream="nobody"),
    "model missing": Site(upstream="model missing"),
    "model broken": Site(upstream="model broken"),
    "keys": Site(upstream="keys"),
    "challenge": Site(upstream="challenge"),
    "clock ahead": Site(upstream="clock ahead", location="proxy_pass_header Date;"),
    "origin with a slash": Site(location=f"{OWN_CORS} {ALLOWED_ORIGIN}/ always;"),
    "doubled header": Site(location=f"add_header Access-Control-Allow-Origin {ALLOWED_ORIGIN} always;"),
    "no header": Site(location="proxy_hide_header Access-Control-Allow-Origin;"),
    "every origin": Site(location=f'{OWN_CORS} * always; proxy_set_header Origin "";'),
    "HTML error page": Site(more="location = /nothing-is-here { return 404; }"),
    "HTML 413": Site(problems=""),
    "413 without CORS": Site(problems=PROBLEMS.replace("Access-Control", "X-Access-Control")),
    "small limit": Site(limits="client_header_timeout 1s;"),
    "tells its version": Site(more="server_tokens on;"),
    "waits for headers": Site(limits="client_header_timeout 60s; client_max_body_size 11m;"),
    "waits for bodies": Site(limits="client_header_timeout 1s; client_max_body_size 0;"),
    "counts requests": Site(location="limit_req zone=slow burst=1 nodelay; limit_req_status 429;"),
}


@dataclass(frozen=True)
class RunningSites:
    """Where they are."""

    folder: Path
    ports: Mapping[str, int]

    @property
    def authority(self) -> Path:
        return self.folder / "authority.pem"

    @property
    def page(self) -> Path:
        """What the site `page` serves at /."""
        return self.folder / "page" / "index.html"


@contextmanager
def running_sites(folder: Path, upstreams: Mapping[str, str]) -> Iterator[RunningSites]:
    """Serve all of SITES from files in `folder`; `upstreams` are HOST:PORT by name."""
    write_certificates(folder, HOST, PAGE_HOST)
    ports = dict(zip(SITES, free_ports(len(SITES)), strict=True))
    servers = "".join(site.write(ports[name], upstreams) for name, site in SITES.items())
    (folder / "nginx.conf").write_text(MAIN.format(user=getpass.getuser(), folder=folder, servers=servers))
    (folder / "page").mkdir()
    command = ["nginx", "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"]
    environment = {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin"}
    process = subprocess.Popen(command, env=environment)
    try:
        _wait_until_listening(process, ports.values(), folder / "error.log")
        yield RunningSites(folder, ports)
    finally:
        process.terminate()
        process.wait()


def _wait_until_listening(process: subprocess.Popen[bytes], ports: Iterable[int], log: Path) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    with ExitStack() as connections:
        for port in ports:
            while True:
                try:
                    connections.enter_context(socket.create_connection(("127.0.0.1", port)))
                    break
                except OSError:
                    assert process.poll() is None, log.read_text()
                    assert time.monotonic() < deadline, log.read_text()
                    time.sleep(POLL_S)
