"""The doctor on a server that is hard to reach: DNS, ports, odd answers, and never waiting for ever."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace

import pytest

from deploy.doctor.address import Address
from deploy.doctor.checks import CHECKS
from deploy.doctor.diagnosis import diagnose
from deploy.doctor.finding import Status
from deploy.doctor.network import Endpoint, Limits
from tests.deploy.doctor_examination import LIMITS, complaints, examine, server_at, told
from tests.deploy.doctor_sites import HOST, RunningSites

WRONG = Status.WRONG
NOBODY = "192.0.2.1"  # reserved for documentation (RFC 5737): nothing answers there
SHORT = Limits(connect_s=3, answer_s=2, detection_s=2, slow_sender_s=2, check_s=3, total_s=15)


@contextmanager
def closed_port(address: str = "127.0.0.1") -> Iterator[Endpoint]:
    """Keep a port on which nobody listens."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as taken:
        taken.bind((address, 0))
        yield Endpoint(address, taken.getsockname()[1])


@contextmanager
def odd_server(talk: Callable[[socket.socket], None]) -> Iterator[Endpoint]:
    """Listen, and do with every connection what `talk` says. In the end all are cut, so that nobody goes on waiting."""
    connections = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                connections.append(connection)
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

        def answer(connection: socket.socket) -> None:
            with connection, suppress(OSError):  # when the doctor has gone
                talk(connection)

        threading.Thread(target=serve, daemon=True).start()
        yield Endpoint(*listener.getsockname())
        for open_socket in (listener, *connections):
            with suppress(OSError):  # it is closed already
                open_socket.shutdown(socket.SHUT_RDWR)


def say_nothing(connection: socket.socket) -> None:
    while connection.recv(1000):
        pass


def speak_smtp(connection: socket.socket) -> None:
    connection.sendall(b"220 mail.test ESMTP\r\n")
    say_nothing(connection)


def drip(connection: socket.socket) -> None:
    """Answer a byte at a time, each within every time limit."""
    connection.recv(1000)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while True:
        connection.sendall(b" ")
        time.sleep(0.05)


def test_finds_a_name_that_is_missing_in_dns(sites: RunningSites):
    results = examine(server_at(sites, address=Address.parse("https://missing.invalid"), page=None))
    assert complaints(results) == {"dns": WRONG}
    assert "missing.invalid" in told(results, "dns")
    skipped = [result for result in results if "because of: dns" in result.finding.found]
    assert len(skipped) > 15


def test_finds_a_name_that_leads_to_nobody(sites: RunningSites):
    results = examine(
        server_at(sites, given={(HOST, 443): (Endpoint(NOBODY, 443),)}, limits=replace(LIMITS, connect_s=1))
    )
    assert complaints(results)["port"] == WRONG
    assert f"({NOBODY}: " in told(results, "port")


@pytest.mark.parametrize("ip", ["10.1.2.3", "192.168.1.5", "169.254.1.1", "100.64.0.1", "fd00::1"])
def test_finds_a_private_address(sites: RunningSites, ip: str):
    checks = [check for check in CHECKS if check.name in ("dns", "public-address")]
    results = list(diagnose(server_at(sites, given={(HOST, 443): (Endpoint(ip, 443),)}), checks))
    assert complaints(results) == {"public-address": WRONG}
    assert f"{ip} is a private address" in told(results, "public-address")


def test_finds_this_computer_in_the_place_of_the_server(sites: RunningSites):
    checks = [check for check in CHECKS if check.name in ("dns", "public-address")]
    results = list(diagnose(server_at(sites, address=Address.parse("https://localhost")), checks))
    assert complaints(results) == {"public-address": WRONG}
    assert "/etc/hosts" in told(results, "public-address")


@pytest.mark.parametrize(("port", "check"), [(443, "port"), (80, "port-80")])
def test_finds_a_closed_port(sites: RunningSites, port: int, check: str):
    with closed_port() as closed:
        results = examine(server_at(sites, given={(HOST, port): (closed,)}))
    assert complaints(results) == {check: WRONG}
    assert f"nothing answers on port {port} (127.0.0.1: the connection is refused)" in told(results, check)


def test_finds_an_ipv6_address_that_does_not_answer_while_ipv4_does(sites: RunningSites):
    right = Endpoint("127.0.0.1", sites.ports["good"])
    with ExitStack() as stack:
        try:
            closed = stack.enter_context(closed_port("::1"))
        except OSError:
            pytest.skip("this machine has no IPv6")
        results = examine(server_at(sites, given={(HOST, 443): (right, closed)}))
    assert complaints(results) == {"every-address": WRONG}
    assert "::1: the connection is refused" in told(results, "every-address")
    assert "AAAA" in told(results, "every-address")


def test_finds_a_second_address_that_is_another_server(sites: RunningSites):
    given = tuple(Endpoint("127.0.0.1", sites.ports[name]) for name in ("good", "another server"))
    results = examine(server_at(sites, given={(HOST, 443): given}))
    assert complaints(results) == {"every-address": WRONG}
    assert "is another server" in told(results, "every-address")


def test_finds_a_second_address_with_another_certificate(sites: RunningSites):
    given = tuple(Endpoint("127.0.0.1", sites.ports[name]) for name in ("good", "other name"))
    results = examine(server_at(sites, given={(HOST, 443): given}))
    assert complaints(results) == {"every-address": WRONG}
    assert "Hostname mismatch" in told(results, "every-address")


def test_finds_plain_http_where_https_is_expected(sites: RunningSites):
    results = examine(server_at(sites, "no redirect"))
    assert complaints(results)["certificate-chain"] == WRONG
    assert "TLS handshake failed" in told(results, "certificate-chain")


@pytest.mark.parametrize(
    ("talk", "check"), [(say_nothing, "redirect"), (speak_smtp, "redirect"), (say_nothing, "api"), (drip, "api")]
)
def test_ends_with_a_server_that_does_not_answer_as_it_should(
    sites: RunningSites, talk: Callable[[socket.socket], None], check: str
):
    began = time.monotonic()
    with odd_server(talk) as odd:
        if check == "api":
            results = examine(
                server_at(sites, address=Address.parse(f"http://{HOST}"), given={(HOST, 80): (odd,)}, limits=SHORT)
            )
        else:
            results = examine(server_at(sites, given={(HOST, 80): (odd,)}, limits=replace(LIMITS, answer_s=2)))
    assert complaints(results)[check] == WRONG
    assert time.monotonic() - began < 60


def test_ends_when_its_time_is_up(sites: RunningSites):
    with odd_server(say_nothing) as odd:
        results = examine(server_at(sites, given={(HOST, 80): (odd,)}, limits=replace(LIMITS, total_s=3)))
    assert "within the time" in told(results, "redirect")
