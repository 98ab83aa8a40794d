"""api/web/access_log.py: what of an address is logged, and whose word for it is taken."""

import pytest

from api.web.access_log import shorten, shortened_client, write_line


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0"),
        (" 203.0.113.77 ", "203.0.113.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"),
        ("2001:db8::1", "2001:db8::"),
        ("fe80::1%eth0", "fe80::"),
        ("::1", "::"),
        ("", "-"),
        ("unix:", "-"),
        ("203.0.113.77, 10.0.0.1", "-"),
        ("words of a visitor", "-"),
    ],
)
def test_address_is_shortened(address: str, network: str):
    assert shorten(address) == network


@pytest.mark.parametrize("proxy", ["", "127.0.0.1", "::1"])
def test_proxy_of_this_machine_is_believed(proxy: str):
    assert shortened_client({"REMOTE_ADDR": proxy, "HTTP_X_FORWARDED_FOR": "203.0.113.0"}) == "203.0.113.0"


def test_only_what_the_proxy_itself_added_is_believed():
    environ = {"REMOTE_ADDR": "", "HTTP_X_FORWARDED_FOR": "198.51.100.1, 203.0.113.9"}
    assert shortened_client(environ) == "203.0.113.0"


def test_visitor_who_comes_directly_is_not_believed():
    environ = {"REMOTE_ADDR": "203.0.113.77", "HTTP_X_FORWARDED_FOR": "198.51.100.1"}
    assert shortened_client(environ) == "203.0.113.0"


@pytest.mark.parametrize("environ", [{}, {"REMOTE_ADDR": ""}, {"REMOTE_ADDR": "not an address"}])
def test_unknown_client_is_a_dash(environ: dict[str, str]):
    assert shortened_client(environ) == "-"


def test_facts_keep_their_order_and_nothing_is_a_dash():
    assert write_line(status=200, problem=None, ms=0) == "status=200 problem=- ms=0"
