"""scripts/site_model.sh: which model is written for the page, by stand-ins that write down what they are asked."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from harness.gunicorn_server import PROJECT

ASKED = '#!/bin/bash\nprintf "%s\\n" "$PAGESIGHT_MODELS" "${@: -2}" >"$PLACE/asked"\n'
CHOICE = '#!/bin/bash\nprintf "%s\\n" "$MODEL"\n'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the script, and stand-ins for the choice of a model and for Python."""
    (tmp_path / "scripts").mkdir()
    for name in ("site_model.sh", "fetch.sh"):
        shutil.copy(PROJECT / "scripts" / name, tmp_path / "scripts")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    for place, text in (("scripts/choose_model.sh", CHOICE), (".venv/bin/python", ASKED)):
        (tmp_path / place).write_text(text, encoding="utf-8")
        (tmp_path / place).chmod(0o755)
    (tmp_path / "site" / "device").mkdir(parents=True)
    (tmp_path / "site" / "device" / "model.json").write_text("{}", encoding="utf-8")
    return tmp_path


def run(checkout: Path, *arguments: str, model: str = "", site: str = "{}") -> tuple[int, str, list[str]]:
    """Return the exit status, what was said, and what was asked: the model, the photographs, the target."""
    (checkout / "site" / "site.json").write_text(site, encoding="utf-8")
    environment = {"PATH": os.environ["PATH"], "PYTHON": sys.executable, "PLACE": str(checkout), "MODEL": model}
    command = [checkout / "scripts" / "site_model.sh", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    asked = checkout / "asked"
    return done.returncode, done.stderr, asked.read_text(encoding="utf-8").splitlines() if asked.exists() else []


def test_takes_the_model_that_site_json_names(checkout: Path):
    status, _, asked = run(checkout, site=json.dumps({"name": "Ö", "device": "yolox-nano"}))
    assert (status, asked) == (0, ["yolox-nano", f"{checkout}/site/examples", f"{checkout}/site/device"])


def test_takes_the_model_and_the_photographs_that_are_given(checkout: Path):
    status, _, asked = run(checkout, "photos", model="faces", site='{"device": "yolox-nano"}')
    assert (status, asked[:2]) == (0, ["faces", "photos"])


@pytest.mark.parametrize("site", ["{}", '{"device": null}'])
def test_without_a_model_the_page_has_none_and_nothing_fails(checkout: Path, site: str):
    status, said, asked = run(checkout, site=site)
    assert (status, asked) == (0, [])
    assert 'name it in site/site.json: "device": "yolox-nano"' in said
    assert not (checkout / "site" / "device").exists()


def test_says_that_site_json_cannot_be_read(checkout: Path):
    status, said, asked = run(checkout, site="{")
    assert (status, asked) == (1, [])
    assert said == "site/site.json cannot be read: is it JSON?\n"
