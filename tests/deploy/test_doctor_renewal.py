"""The doctor on the server itself: who reloads nginx after a renewal, and who starts certbot."""

from pathlib import Path

import pytest

from deploy.doctor.address import Address
from deploy.doctor.checks import CHECKS
from deploy.doctor.diagnosis import Result, diagnose
from deploy.doctor.finding import Status
from deploy.doctor.server import Server
from tests.deploy.doctor_examination import complaints, told
from tests.deploy.doctor_server_folder import certbot_on_server
from tests.deploy.doctor_sites import HOST

CHECKS_OF_RENEWAL = [check for check in CHECKS if check.name.startswith("renewal")]


def look(letsencrypt: Path) -> list[Result]:
    return list(diagnose(Server(address=Address.parse(f"https://{HOST}"), letsencrypt=letsencrypt), CHECKS_OF_RENEWAL))


def test_finds_hook_and_timer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    results = look(certbot_on_server(tmp_path, monkeypatch))
    assert [result.finding.status for result in results] == [Status.WELL, Status.WELL]
    assert "reload-nginx.sh" in told(results, "renewal-hook")


def test_finds_that_the_hook_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    results = look(certbot_on_server(tmp_path, monkeypatch, hook=False))
    assert complaints(results) == {"renewal-hook": Status.WRONG}
    assert "nothing reloads nginx" in told(results, "renewal-hook")


def test_finds_that_the_hook_cannot_be_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    letsencrypt = certbot_on_server(tmp_path, monkeypatch)
    (letsencrypt / "renewal-hooks" / "deploy" / "reload-nginx.sh").chmod(0o644)
    assert complaints(look(letsencrypt)) == {"renewal-hook": Status.WRONG}


@pytest.mark.parametrize("line", ["installer = nginx", "renew_hook = systemctl reload nginx"])
def test_believes_what_certbot_was_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str):
    letsencrypt = certbot_on_server(tmp_path, monkeypatch, hook=False)
    with (letsencrypt / "renewal" / f"{HOST}.conf").open("a") as plan:
        plan.write(f"{line}\n")
    assert complaints(look(letsencrypt)) == {}


@pytest.mark.parametrize("timers", ["disabled", "", "disabled\\nmasked"])
def test_finds_that_no_timer_is_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, timers: str):
    results = look(certbot_on_server(tmp_path, monkeypatch, timers=timers))
    assert complaints(results) == {"renewal-timer": Status.WRONG}


def test_says_that_it_cannot_look_from_elsewhere(tmp_path: Path):
    results = look(tmp_path / "letsencrypt")
    assert [result.finding.status for result in results] == [Status.SKIPPED, Status.SKIPPED]
    assert "only the server itself can tell" in told(results, "renewal-hook")


def test_says_that_there_is_no_systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    letsencrypt = certbot_on_server(tmp_path, monkeypatch)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "no systemd" in told(look(letsencrypt), "renewal-timer")
