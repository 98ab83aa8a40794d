"""deploy/nginx/render.sh: every word is filled, and what does not belong into a configuration is refused."""

import re
import subprocess
from pathlib import Path

import pytest

from harness.gunicorn_server import PROJECT
from harness.nginx_server import RENDER

TEMPLATES = PROJECT / "deploy" / "nginx"
DOMAIN = "DOMAIN=detector.example.org"


def render(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([RENDER, folder, *words], capture_output=True, text=True, check=False)


def test_every_word_is_filled(tmp_path: Path):
    assert render(tmp_path, DOMAIN, "ORIGINS=https://you.github.io,https://other.example").returncode == 0
    written = {path.relative_to(tmp_path).as_posix(): path.read_text("utf-8") for path in tmp_path.rglob("*.conf")}
    assert {"nginx.conf", "pagesight/site.conf", "pagesight/tls.conf"} <= set(written)
    assert not re.findall(r"@[A-Z_]+@", "".join(written.values()))
    assert "/etc/letsencrypt/live/detector.example.org/privkey.pem" in written["pagesight/tls.conf"]
    assert written["pagesight/origins.conf"].count("$http_origin;") == 2
    assert "server_name detector.example.org;" in written["pagesight/site.conf"]


def test_every_word_in_a_template_can_be_given():
    wanted = {
        word for path in TEMPLATES.rglob("*.conf") for word in re.findall(r"@([A-Z_]+)@", path.read_text("utf-8"))
    }
    script = RENDER.read_text("utf-8")
    assert wanted <= set(re.findall(r"\[([A-Z_]+)\]", script))


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ([], "DOMAIN"),
        ([DOMAIN, "DOMIAN=x"], "DOMIAN"),
        ([DOMAIN, "ORIGINS"], "ORIGINS"),
        ([DOMAIN, "TLS=perhaps"], "TLS"),
        (["DOMAIN=a; include /etc/passwd"], "DOMAIN"),
        ([DOMAIN, 'ORIGINS=https://a"'], "ORIGINS"),
        ([DOMAIN, "ORIGINS=https://a\nb"], "ORIGINS"),
        ([DOMAIN, "UPSTREAM=$(id)"], "UPSTREAM"),
    ],
)
def test_what_does_not_belong_there_is_refused(tmp_path: Path, words: list[str], complaint: str):
    answer = render(tmp_path, *words)
    assert answer.returncode == 2
    assert complaint in answer.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("megabytes", "limit"), [("10", "12m"), ("0.5", "2m"), ("25.5", "27m")])
def test_body_may_be_a_little_larger_than_the_api_takes(tmp_path: Path, megabytes: str, limit: str):
    render(tmp_path, DOMAIN, f"MAX_UPLOAD_MB={megabytes}")
    limits = (tmp_path / "pagesight" / "limits.conf").read_text("utf-8")
    assert f"client_max_body_size {limit};" in limits
    assert f"client_body_buffer_size {limit};" in limits


def test_writing_again_changes_nothing(tmp_path: Path):
    render(tmp_path, DOMAIN)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.conf")}
    render(tmp_path, DOMAIN)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.conf")} == before
