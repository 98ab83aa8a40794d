"""The doctor finds nothing wrong with a right server, and each fault of a wrong one, by its name."""

from dataclasses import replace
from pathlib import Path

import pytest

from deploy.doctor import service
from deploy.doctor.address import Address
from deploy.doctor.checks import CHECKS
from deploy.doctor.diagnosis import diagnose
from deploy.doctor.finding import Status
from deploy.doctor.network import Endpoint, Network
from harness.gunicorn_server import ALLOWED_ORIGIN, GunicornServer
from harness.nginx_server import running_nginx
from tests.deploy.conftest import page_for
from tests.deploy.doctor_examination import LIMITS, complaints, examine, server_at, told
from tests.deploy.doctor_server_folder import certbot_on_server
from tests.deploy.doctor_sites import HOST, RunningSites

CHECKS_OF_API = [check for check in CHECKS if check.name in ("dns", "port", "api", "ready", "cors-get", "cors-post")]
WRONG, WARNING = Status.WRONG, Status.WARNING
# the site, the checks that complain, and the words that name the fault
FAULTS = [
    ("expired", {"certificate-days": WRONG}, "expired on"),
    ("ends soon", {"certificate-days": WARNING}, "in 10 days"),
    ("not yet", {"certificate-days": WRONG}, "valid only from"),
    ("other name", {"certificate-name": WRONG}, "is for other.test, not for detector.test"),
    ("self-signed", {"certificate-chain": WRONG}, "is self-signed"),
    ("unknown authority", {"certificate-chain": WRONG}, "unable to get local issuer"),
    ("incomplete chain", {"certificate-chain": WRONG}, "fullchain.pem"),
    ("staging", {"certificate-chain": WRONG}, "a test one"),
    ("another server", {"api": WRONG}, "200 text/plain: this is another server"),
    ("API is down", {"api": WRONG}, "nginx answers 502"),
    ("model missing", {"ready": WRONG}, "yolov3-tiny.weights"),
    ("model broken", {"ready": WRONG}, "yolov3-tiny.weights holds"),
    ("origin with a slash", {"cors-get": WRONG, "cors-post": WRONG}, f"is {ALLOWED_ORIGIN}/, not {ALLOWED_ORIGIN}"),
    ("doubled header", {"cors-get": WRONG, "cors-post": WRONG}, "comes more than once"),
    ("no header", {"cors-get": WRONG, "cors-post": WRONG}, "Access-Control-Allow-Origin is missing"),
    ("every origin", {"foreign-origin": WARNING}, "every site on the internet"),
    ("HTML error page", {"errors": WRONG}, "404 as text/html"),
    ("HTML 413", {"body-limit": WRONG}, "413 as text/html"),
    ("413 without CORS", {"body-limit": WRONG}, "cannot read it: Access-Control-Allow-Origin is missing"),
    ("tells its version", {"no-versions": WARNING}, "Server: nginx/"),
]


def test_finds_nothing_wrong_with_a_right_server(sites: RunningSites, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    letsencrypt = certbot_on_server(tmp_path, monkeypatch)
    monkeypatch.setattr(service, "SLOW_S", 60.0)  # this machine may be busy
    results = list(diagnose(server_at(sites, letsencrypt=letsencrypt)))
    assert {result.check: result.finding for result in results if result.finding.status is not Status.WELL} == {}


def test_finds_nothing_wrong_with_the_nginx_of_this_project(sites: RunningSites, server: GunicornServer):
    with running_nginx(server.host, tls=True) as nginx:
        assert nginx.authority is not None
        authority = nginx.folder / "authority.pem"
        nginx.authority.cert_pem.write_to_path(authority)
        host = nginx.words["DOMAIN"]
        ports = {443: nginx.https_port, 80: nginx.http_port}
        given = {(host, port): (Endpoint("127.0.0.1", real),) for port, real in ports.items()}
        network = Network(given=given, cacert=authority, limits=LIMITS)
        results = examine(server_at(sites, address=Address.parse(f"https://{host}"), network=network), "photograph")
    assert complaints(results) == {}


def test_twenty_faults_are_put_in_and_each_is_told_in_words_of_its_own():
    assert len({site for site, _, _ in FAULTS}) >= 20
    assert len({words for _, _, words in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize(("site", "expected", "words"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_finds(sites: RunningSites, site: str, expected: dict[str, Status], words: str):
    results = examine(server_at(sites, site))
    assert complaints(results) == expected
    assert words in told(results, next(iter(expected)))


def test_finds_that_this_computer_trusts_no_authority(sites: RunningSites, monkeypatch: pytest.MonkeyPatch):
    for variable in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.setenv(variable, "/nowhere")
    healthy = server_at(sites)
    results = examine(replace(healthy, network=replace(healthy.network, cacert=None)))
    assert complaints(results)["certificate-chain"] == WRONG
    assert "trusts no authority" in told(results, "certificate-chain")


def test_finds_a_limit_that_is_too_small_for_a_photograph(sites: RunningSites):
    results = examine(server_at(sites, "small limit"), "photograph")
    assert complaints(results) == {"photograph": WRONG}
    assert "6 MB is too large" in told(results, "photograph")


def test_asks_as_the_page_where_programs_need_a_key(sites: RunningSites, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(service, "SLOW_S", 60.0)  # this machine may be busy
    results = examine(server_at(sites, "keys"), "photograph", "detection")
    assert complaints(results) == {}
    assert "is looked at" in told(results, "detection")


def test_says_that_it_needs_a_page_where_programs_need_a_key(sites: RunningSites):
    results = examine(server_at(sites, "keys", given_origin=None, page=None), "photograph", "detection")
    assert complaints(results) == {}
    assert "give ORIGIN" in told(results, "photograph")
    assert "give ORIGIN" in told(results, "detection")


def test_says_that_it_proves_nothing_where_a_proof_of_work_is_asked_for(
    sites: RunningSites, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("deploy.doctor.network.PATIENCE_S", (0.0,))
    results = examine(server_at(sites, "challenge"), "photograph", "detection")
    assert complaints(results) == {}
    assert "proof of work" in told(results, "photograph")
    assert "proof of work" in told(results, "detection")


def test_finds_a_clock_that_is_ahead(sites: RunningSites):
    results = examine(server_at(sites, "clock ahead"))
    assert complaints(results) == {"clock": WARNING}
    assert "s ahead of this computer's" in told(results, "clock")


def test_finds_old_tls(sites: RunningSites):
    results = examine(server_at(sites, "old TLS"))
    if "cannot try" in told(results, "tls-versions"):
        pytest.skip("the OpenSSL of this Python has no TLS 1.1 to try")
    assert complaints(results) == {"tls-versions": WRONG}
    assert "still speaks TLSv1.1" in told(results, "tls-versions")


def test_finds_a_slow_detection(sites: RunningSites, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(service, "SLOW_S", 0.0)
    results = examine(server_at(sites), "detection")
    assert complaints(results) == {"detection": WARNING}
    assert "PAGESIGHT_INPUT_SIZE" in told(results, "detection")


def test_finds_that_headers_are_waited_for(sites: RunningSites):
    results = examine(server_at(sites, "waits for headers", limits=replace(LIMITS, slow_sender_s=0.5)), "slow-senders")
    assert complaints(results) == {"slow-senders": WARNING}
    assert "client_header_timeout" in told(results, "slow-senders")


def test_finds_that_bodies_are_waited_for(sites: RunningSites):
    results = examine(server_at(sites, "waits for bodies", limits=replace(LIMITS, answer_s=4)))
    assert complaints(results) == {"body-limit": WRONG}
    assert "client_max_body_size" in told(results, "body-limit")


def test_finds_a_page_of_another_origin_than_the_server_allows(sites: RunningSites):
    results = examine(server_at(sites, given_origin="https://me.example"))
    assert complaints(results) == {"cors-get": WRONG, "cors-post": WRONG}
    assert "PAGESIGHT_ALLOWED_ORIGINS=https://me.example" in told(results, "cors-get")


@pytest.mark.parametrize("given", [f"{ALLOWED_ORIGIN}/", f"{ALLOWED_ORIGIN}/pagesight/", f"{ALLOWED_ORIGIN}:443"])
def test_finds_what_is_no_origin_and_goes_on_with_the_right_one(sites: RunningSites, given: str):
    results = examine(server_at(sites, given_origin=given))
    assert complaints(results) == {"origin": WRONG}
    assert f"browsers send {ALLOWED_ORIGIN}" in told(results, "origin")


@pytest.mark.parametrize(("port_80", "words"), [("no redirect", "answers 200"), ("redirect elsewhere", "parking.test")])
def test_finds_that_http_does_not_lead_to_https(sites: RunningSites, port_80: str, words: str):
    results = examine(server_at(sites, port_80=port_80))
    assert complaints(results) == {"redirect": WRONG}
    assert words in told(results, "redirect")


def test_finds_gunicorn_without_nginx_and_an_http_api_with_an_https_page(sites: RunningSites, server: GunicornServer):
    given = {(HOST, 80): (Endpoint("127.0.0.1", server.port),)}
    results = examine(server_at(sites, address=Address.parse(f"http://{HOST}"), given=given, page=None))
    assert complaints(results) == {"mixed-content": WRONG, "proxy": WRONG}
    assert "browsers block" in told(results, "mixed-content")
    assert "gunicorn faces the internet" in told(results, "proxy")


@pytest.mark.parametrize(
    ("api", "words"),
    [
        ("https://old.test", "asks https://old.test, not https://detector.test"),
        ("http://detector.test", "over http, which browsers block"),
        ("", "asks its own address, where no API is"),
    ],
)
def test_finds_a_page_that_was_built_for_another_api(sites: RunningSites, api: str, words: str):
    right = sites.page.read_text()
    try:
        sites.page.write_text(page_for(api))
        results = examine(server_at(sites))
    finally:
        sites.page.write_text(right)
    assert complaints(results) == {"page": WRONG}
    assert words in told(results, "page")


def test_says_how_to_name_a_page_that_it_does_not_find(sites: RunningSites):
    results = examine(server_at(sites, page=Address.parse(f"{ALLOWED_ORIGIN}/elsewhere/")))
    assert complaints(results) == {}
    assert "PAGE_URL=" in told(results, "page")


def test_is_patient_with_a_server_that_counts_requests(sites: RunningSites):
    results = list(diagnose(server_at(sites, "counts requests"), CHECKS_OF_API))
    assert complaints(results) == {}
    assert [result.finding.status for result in results] == [Status.WELL] * len(CHECKS_OF_API)
