""".github: workflows, forms and updates that GitHub will accept, with the least of rights, and pinned."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.gunicorn_server import PROJECT

GITHUB = PROJECT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
FORMS = sorted(path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")
PROGRAMS = Path(sys.executable).parent
CHECKED = [
    *[("github-workflows", path) for path in WORKFLOWS],
    *[("github-issue-forms", path) for path in FORMS],
    ("github-issue-config", GITHUB / "ISSUE_TEMPLATE" / "config.yml"),
    ("dependabot", GITHUB / "dependabot.yml"),
]


def read(path: Path) -> dict[Any, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def steps(path: Path) -> Iterator[dict[str, Any]]:
    for job in read(path)["jobs"].values():
        yield from job["steps"]


@pytest.mark.parametrize(("schema", "path"), CHECKED, ids=lambda part: part if isinstance(part, str) else part.name)
def test_github_would_accept(schema: str, path: Path):
    command = [PROGRAMS / "check-jsonschema", "--builtin-schema", f"vendor.{schema}", path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout


def test_zizmor_finds_nothing_unsafe():
    command = [PROGRAMS / "zizmor", "--offline", "--no-progress", "--color", "never", GITHUB]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_each_action_is_pinned_to_a_commit_and_says_which_version_that_is(path: Path):
    used = re.findall(r"uses: (.*)", path.read_text(encoding="utf-8"))
    assert used
    for action in used:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action


def test_an_action_is_one_and_the_same_everywhere():
    used = {action for path in WORKFLOWS for action in re.findall(r"uses: (\S+)", path.read_text(encoding="utf-8"))}
    assert len({action.partition("@")[0] for action in used}) == len(used)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_each_job_ends_and_has_no_rights_but_its_own(path: Path):
    workflow = read(path)
    assert workflow["permissions"] in ({}, {"contents": "read"})
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 40


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_each_script_that_is_run_is_there(path: Path):
    commands = "\n".join(step.get("run", "") for step in steps(path))
    for script in re.findall(r"\bscripts/\w+\.\w+", commands):
        assert (PROJECT / script).is_file()
    targets = re.findall(r"^[a-z-]+(?=:)", (PROJECT / "Makefile").read_text(), re.MULTILINE)
    assert set(re.findall(r"\bmake (\w+)$", commands, re.MULTILINE)) <= set(targets)


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not installed")
@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_shellcheck_has_no_complaint_about_the_steps(path: Path):
    for step in steps(path):
        if "run" in step:
            command = ["shellcheck", "--shell", "bash", "-"]
            done = subprocess.run(command, input=step["run"], capture_output=True, text=True, timeout=60)
            assert done.returncode == 0, done.stdout


def test_page_workflow_runs_when_what_it_builds_of_changes():
    on = read(GITHUB / "workflows" / "pages.yml")[True]  # YAML 1.1 reads `on` so
    assert on["workflow_dispatch"] is None  # a fork runs it by hand the first time
    for path in on["push"]["paths"]:
        assert list(PROJECT.glob(path)), path


def test_page_works_in_a_folder_of_a_domain():
    page = (PROJECT / "site" / "dist" / "index.html").read_text(encoding="utf-8")
    addresses = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert len(addresses) > 2
    assert [address for address in addresses if address.startswith("/")] == []


def test_dependabot_looks_wherever_something_is_pinned():
    updates = read(GITHUB / "dependabot.yml")["updates"]
    looked = {(update["package-ecosystem"], update["directory"]) for update in updates}
    assert looked >= {("pip", "/"), ("npm", "/"), ("github-actions", "/"), ("docker", "/deploy/docker")}
