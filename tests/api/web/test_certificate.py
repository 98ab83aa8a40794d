"""api/web/certificate.py: who looks at /status_check learns that the certificate is about to end."""

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from flask import Flask

from api.app import create_app
from api.settings import Settings
from api.web.certificate import READ_EVERY_S, WARN_DAYS, CertificateWatch, read_end
from api.work.loaded_models import LoadedModels
from deploy.doctor import certificates as doctor
from tests.contract import Contract

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
AUTHORITY = trustme.CA()


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW.timestamp()

    def __call__(self) -> float:
        return self.now


def chain_until(end: datetime) -> str:
    leaf = AUTHORITY.issue_cert("model.test", not_before=end - timedelta(days=90), not_after=end)
    return "".join(link.bytes().decode() for link in (*leaf.cert_chain_pems, AUTHORITY.cert_pem))


def settings_with(certificate: Path) -> Settings:
    return Settings.from_environment({"PAGESIGHT_CERTIFICATE": str(certificate)})


def watch(file: Path, days: float, clock: Clock | None = None) -> CertificateWatch:
    file.write_text(chain_until(NOW + timedelta(days=days)))
    return CertificateWatch(file, clock=clock or Clock())


@pytest.mark.parametrize("end", [datetime(1999, 12, 31, 23, 59, 58, tzinfo=UTC), NOW, datetime(2051, 2, 3, tzinfo=UTC)])
def test_reads_the_end_of_the_first_certificate(end: datetime):
    assert read_end(chain_until(end)) == end


def test_reads_the_end_of_an_authority_too():
    assert read_end(AUTHORITY.cert_pem.bytes().decode()) > NOW


def test_reads_what_openssl_wrote_above_the_certificate():
    assert read_end(f"Certificate:\n    Data:\n{chain_until(NOW)}") == NOW


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no certificate",
        AUTHORITY.private_key_pem.bytes().decode(),
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n",
        chain_until(NOW)[:300],
    ],
    ids=["empty", "words", "private key", "zeros", "cut header", "no base64", "cut certificate"],
)
def test_refuses_what_is_no_certificate(text: str):
    with pytest.raises(ValueError, match="not a certificate in PEM"):
        read_end(text)


@pytest.mark.parametrize(
    ("days", "words"), [(90, []), (21.5, []), (20.9, ["in 21 days"]), (3, ["24 November 2026"]), (-1, ["ended on 20"])]
)
def test_warns_under_21_days(tmp_path: Path, days: float, words: list[str]):
    warnings = watch(tmp_path / "fullchain.pem", days).warnings()
    assert len(warnings) == len(words)
    assert all(word in warning for word, warning in zip(words, warnings, strict=True))


def test_the_doctor_warns_on_the_same_day():
    assert doctor.WARN_DAYS == WARN_DAYS


def test_reads_the_file_at_most_once_an_hour(tmp_path: Path):
    clock, file = Clock(), tmp_path / "fullchain.pem"
    watched = watch(file, 3, clock)
    assert watched.warnings()
    file.write_text(chain_until(NOW + timedelta(days=90)))
    clock.now += READ_EVERY_S - 1
    assert watched.warnings()
    clock.now += 1
    assert watched.warnings() == []


def test_follows_the_link_to_the_renewed_certificate(tmp_path: Path):
    live, clock = tmp_path / "fullchain.pem", Clock()
    (tmp_path / "fullchain1.pem").write_text(chain_until(NOW + timedelta(days=3)))
    live.symlink_to(tmp_path / "fullchain1.pem")
    watched = CertificateWatch(settings_with(live).certificate, clock=clock)
    assert watched.warnings()
    (tmp_path / "fullchain2.pem").write_text(chain_until(NOW + timedelta(days=90)))
    live.unlink()
    live.symlink_to(tmp_path / "fullchain2.pem")
    clock.now += READ_EVERY_S
    assert watched.warnings() == []


def test_says_that_it_cannot_read_and_logs_why(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.WARNING):
        (warning,) = CertificateWatch(tmp_path / "fullchain.pem").warnings()
    assert "cannot be read" in warning
    assert str(tmp_path) not in warning
    assert "No such file" in caplog.text


def test_status_check_tells_warnings_where_a_certificate_is_set(
    settings: Settings, models: LoadedModels, tmp_path: Path
):
    file = tmp_path / "fullchain.pem"
    file.write_text(chain_until(datetime.now(UTC) + timedelta(days=5)))
    client = create_app(replace(settings, certificate=file), models).test_client()
    answer = client.get("/status_check")
    status = answer.get_json()
    assert "in 5 days" in status["warnings"][0]
    assert status["status"] == "online"
    contract = Contract(client.get("/openapi.json").get_json())
    contract.check("GET", "/status_check", status=200, headers=answer.headers, content=status)


def test_status_check_says_nothing_of_certificates_where_none_is_set(app: Flask):
    assert "warnings" not in app.test_client().get("/status_check").get_json()
