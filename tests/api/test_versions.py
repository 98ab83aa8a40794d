"""What is written down twice is the same in both places."""

import tomllib
from dataclasses import replace
from pathlib import Path

from api.app import create_app
from api.settings import Settings
from api.version import VERSION
from api.web.openapi import read_contract
from api.work.loaded_models import LoadedModels
from harness.gunicorn_server import PROJECT

PLACEHOLDERS = str.maketrans("<>", "{}")
PAGE_METHODS = {"HEAD", "OPTIONS"}  # Flask's own answers


def test_version_is_that_of_the_project():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == VERSION


def test_contract_describes_each_route_and_nothing_else(settings: Settings, models: LoadedModels, tmp_path: Path):
    app = create_app(replace(settings, jobs="sqlite", jobs_dir=tmp_path / "jobs"), models)
    served = {
        (rule.rule.translate(PLACEHOLDERS), method)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - PAGE_METHODS
    }
    described = {
        (path, method.upper())
        for path, item in read_contract()["paths"].items()
        for method in item
        if method != "parameters"  # those of all methods of the path
    }
    assert described == served


def test_served_contract_carries_the_version(client):
    contract = client.get("/openapi.json").json
    assert contract["info"]["version"] == VERSION
