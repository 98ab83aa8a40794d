"""deploy/grafana: dashboard, rules and scrape configuration speak of metrics that a real server has, in valid words."""

import io
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from api.api_key import ApiKey, hash_key
from api.app import create_app, metrics_of
from api.errors import ApiError
from api.settings import Settings
from api.work.loaded_models import LoadedModels
from harness.gunicorn_server import PROJECT

GRAFANA = PROJECT / "deploy" / "grafana"
DASHBOARD = json.loads((GRAFANA / "pagesight.json").read_text(encoding="utf-8"))
RULES = yaml.safe_load((GRAFANA / "alerts.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
METRIC = re.compile(r"\b(?:pagesight|process)_\w+")
LABEL = re.compile(r'\b(\w+)\s*=~?\s*"')
OF_PROMETHEUS = {"job", "instance", "le"}  # labels that the server itself does not set
PANEL_FIELDS = {"id", "type", "title", "description", "datasource", "gridPos", "targets", "fieldConfig", "options"}

has_promtool = pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed")


def promtool(*arguments: str, given: str | None = None) -> str:
    done = subprocess.run(["promtool", *arguments], input=given, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def expressions() -> Iterator[str]:
    """Give each expression of the dashboard, its variables filled in, and of the rules."""
    for panel in DASHBOARD["panels"]:
        for target in panel["targets"]:
            yield target["expr"].replace("$__rate_interval", "1m").replace("$instance", ".*")
    yield from (rule["expr"] for rule in RULES)
    yield from METRIC.findall(DASHBOARD["templating"]["list"][1]["query"]["query"])


@pytest.fixture
def answer(settings: Settings, models: LoadedModels, dog: bytes) -> str:
    """What a server tells that has seen a photograph, a mistake and a key."""
    app = create_app(replace(settings, api_keys=(ApiKey("frigate", hash_key("key")),)), models)
    client = app.test_client()
    client.post("/", data={"file": (io.BytesIO(dog), "dog.jpg")}, headers={"X-API-Key": "key"})
    client.get("/nothing")
    return generate_latest(metrics_of(app)).decode()


def test_each_expression_asks_for_metrics_and_labels_that_there_are(answer: str):
    samples = [sample for family in text_string_to_metric_families(answer) for sample in family.samples]
    names = {sample.name for sample in samples}
    labels = {label for sample in samples for label in sample.labels} | OF_PROMETHEUS
    for expression in expressions():
        asked = set(METRIC.findall(expression))
        assert asked or "up{" in expression, expression
        assert asked <= names, expression
        assert set(LABEL.findall(expression)) <= labels, expression


def test_kinds_and_stages_that_are_asked_for_exist(answer: str):
    kinds = {error.kind for error in ApiError.__subclasses__()}
    text = " ".join(expressions())
    assert set(re.findall(r'kind="([\w-]+)"', text)) <= kinds
    for stage in re.findall(r'stage="(\w+)"', text):
        assert f'stage="{stage}"' in answer


def test_each_panel_is_whole_and_has_a_place_of_its_own():
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        assert panel.keys() >= PANEL_FIELDS, panel["title"]
        assert panel["targets"]
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"])
                 for y in range(place["y"], place["y"] + place["h"])}  # fmt: skip
        assert not cells & taken, panel["title"]
        taken |= cells
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(ids)) == len(ids)


def test_dashboard_can_be_imported_anywhere():
    assert DASHBOARD.keys() >= {"uid", "title", "schemaVersion", "panels", "templating", "time"}
    assert "id" not in DASHBOARD  # of the database that it was exported from
    variables = {variable["name"] for variable in DASHBOARD["templating"]["list"]}
    assert set(re.findall(r"\$\{?(\w+)", json.dumps(DASHBOARD))) <= variables | {"__rate_interval", "__all"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_each_alert_says_what_to_do(rule: dict[str, Any]):
    assert rule["annotations"].keys() == {"summary", "description"}
    assert rule["labels"]["severity"] in ("page", "ticket")


@has_promtool
def test_prometheus_accepts_the_rules_and_the_configuration():
    assert f"{len(RULES)} rules found" in promtool("check", "rules", str(GRAFANA / "alerts.yml"))
    promtool("check", "config", str(GRAFANA / "prometheus.yml"))


@has_promtool
def test_prometheus_can_read_each_expression(tmp_path: Path):
    rules = [{"record": f"test:rule{number}", "expr": text} for number, text in enumerate(expressions())]
    (tmp_path / "rules.yml").write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
    assert f"{len(rules)} rules found" in promtool("check", "rules", str(tmp_path / "rules.yml"))


@has_promtool
def test_prometheus_has_no_complaint_about_names_and_units(answer: str):
    promtool("check", "metrics", given=answer)


@has_promtool
def test_alerts_fire_when_they_should(tmp_path: Path):
    tests = {
        "rule_files": [str(GRAFANA / "alerts.yml")],
        "tests": [
            alert("PagesightDown", 'up{job="pagesight", instance="a"}', "0x10", at="3m", severity="page"),
            alert("PagesightDown", 'up{job="pagesight", instance="a"}', "1x10", at="3m"),
            alert("PagesightNotReady", 'pagesight_ready{instance="a"}', "0x10", at="6m", severity="page"),
            alert("PagesightNotReady", 'pagesight_ready{instance="a"}', "0 0 1x8", at="6m"),
        ],
    }
    (tmp_path / "tests.yml").write_text(yaml.safe_dump(tests))
    promtool("test", "rules", str(tmp_path / "tests.yml"))


def alert(name: str, series: str, values: str, *, at: str, severity: str = "") -> dict[str, Any]:
    """Return a test of promtool's: whether the alert is there at that time, without its words."""
    expression = f'count(ALERTS{{alertname="{name}", alertstate="firing"}}) or vector(0)'
    return {
        "interval": "1m",
        "input_series": [{"series": series, "values": values}],
        "promql_expr_test": [
            {"expr": expression, "eval_time": at, "exp_samples": [{"labels": "{}", "value": 1 if severity else 0}]}
        ],
    }
