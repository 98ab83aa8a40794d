"""/etc/pagesight.env as install.sh writes it: what it was asked for, and else what its owner has put there."""

import os
import subprocess
from pathlib import Path

import pytest

from harness.gunicorn_server import PROJECT

PROGRAM = """
. deploy/lib/arguments.sh
. deploy/lib/settings.sh
SETTINGS=$FILE domain=$DOMAIN origins=$ORIGINS model=$MODEL
candidate_settings
"""
LIVE = "PAGESIGHT_CERTIFICATE=/etc/letsencrypt/live"


def settings_after(
    folder: Path, before: str, *, domain: str = "new.example.org", origins: str = "", model: str = "mine"
) -> list[str]:
    file = folder / "pagesight.env"
    file.write_text(before)
    environment = {"PATH": os.environ["PATH"], "FILE": str(file), "DOMAIN": domain, "ORIGINS": origins, "MODEL": model}
    command = ["bash", "-euo", "pipefail", "-c", PROGRAM]
    done = subprocess.run(command, cwd=PROJECT, env=environment, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


def test_lines_of_the_owner_stay_where_they_are(tmp_path: Path) -> None:
    before = "# mine\nPAGESIGHT_MODEL=old\n\nPAGESIGHT_SLOTS=1\n"
    after = settings_after(tmp_path, before, origins="https://you.github.io")
    assert after[:4] == ["# mine", "PAGESIGHT_MODEL=mine", "", "PAGESIGHT_SLOTS=1"]
    assert "PAGESIGHT_ALLOWED_ORIGINS=https://you.github.io" in after


def test_the_certificate_is_that_of_the_name(tmp_path: Path) -> None:
    assert f"{LIVE}/new.example.org/fullchain.pem" in settings_after(tmp_path, "")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{LIVE}/old.example.org/fullchain.pem", f"{LIVE}/new.example.org/fullchain.pem"),
        ("PAGESIGHT_CERTIFICATE=/srv/mine.pem", "PAGESIGHT_CERTIFICATE=/srv/mine.pem"),
    ],
    ids=["certbot's", "the owner's own"],
)
def test_a_new_name_brings_its_certificate(tmp_path: Path, before: str, after: str) -> None:
    told = settings_after(tmp_path, f"{before}\n")
    assert [line for line in told if line.startswith("PAGESIGHT_CERTIFICATE=")] == [after]


def test_several_models_have_a_line_of_their_own(tmp_path: Path) -> None:
    after = settings_after(tmp_path, "PAGESIGHT_MODEL=old\n", model="mine,faces")
    assert after[:2] == ["PAGESIGHT_MODEL=old", "PAGESIGHT_MODELS=mine,faces"]


def test_one_model_takes_the_place_of_several(tmp_path: Path) -> None:
    after = settings_after(tmp_path, "PAGESIGHT_MODELS=mine,faces\n", model="mine")
    assert after[:2] == ["PAGESIGHT_MODELS=", "PAGESIGHT_MODEL=mine"]
