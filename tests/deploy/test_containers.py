"""deploy/docker and deploy/kubernetes: valid in the words of their own checkers, and the image's last stage serves.

No container engine is needed: the last stage's files are laid into a folder, and its commands run there.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask.testing import FlaskClient

from api.settings import PREFIX, Settings
from harness.gunicorn_server import PROJECT, START_LIMIT_S, STOP_LIMIT_S
from harness.http_client import Client
from harness.nginx_server import free_ports
from tests.deploy.dockerfile import Stage, read_stages

pytestmark = pytest.mark.long

DOCKER = PROJECT / "deploy" / "docker"
KUBERNETES = PROJECT / "deploy" / "kubernetes"
DOCKERFILES = sorted(DOCKER.glob("*Dockerfile"))
STAGES = read_stages(DOCKER / "Dockerfile")
IMAGE = STAGES[-1]
POLL_S = 0.2
PROGRAMS = Path(sys.executable).parent


def run(*command: object, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=120, **options)


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(POLL_S)


def documents(path: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.name)
def test_hadolint_has_no_complaint(path: Path):
    checked = run(PROGRAMS / "hadolint", path)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.name)
def test_all_that_is_copied_is_in_the_context(path: Path):
    kept = re.findall(r"^!(\S+)$", (PROJECT / ".dockerignore").read_text(), re.MULTILINE)
    for stage in read_stages(path):
        for copy in stage.all("COPY"):
            origin, sources, _ = copy.sources
            for source in [] if origin else sources:
                assert (PROJECT / source).exists(), source
                assert any(source == name or source.startswith(name + "/") for name in kept), source


def test_image_is_no_ones_and_asks_after_itself():
    (user,) = IMAGE.all("USER")
    assert int(user.text.split(":")[0]) > 0
    assert IMAGE.program("HEALTHCHECK")[-1] == "deploy/docker/healthcheck.py"
    assert not re.search(r"\b(curl|wget|apt-get)\b", " ".join(step.text for step in IMAGE.instructions))


def choose_model(folder: Path) -> Path:
    """Run the steps of the stage `model` for the tiny one, in a folder, and return what they make."""
    (stage,) = [stage for stage in STAGES if stage.name == "model"]
    folder.mkdir()
    for name in ("api", "scripts", "weights", ".venv"):
        (folder / name).symlink_to(PROJECT / name)
    for step in stage.all("RUN"):
        done = run("bash", "-euo", "pipefail", "-c", step.text, cwd=folder, env={**os.environ, "MODEL": "yolov3-tiny"})
        assert done.returncode == 0, done.stderr
    return folder / "model"


def test_model_of_the_image_is_converted_and_everyone_may_read_it(tmp_path: Path):
    model = choose_model(tmp_path / "build")
    (graph,) = model.glob("converted/yolov3-tiny/*/*.xml")
    assert all(path.stat().st_mode & 0o004 for path in (graph.parent, *graph.parent.iterdir()))


def lay_out(stage: Stage, folder: Path) -> None:
    """Lay the files of a last stage into a folder, as its COPY instructions say; the model is the tiny one."""
    for copy in stage.all("COPY"):
        origin, sources, target = copy.sources
        (folder / target).parent.mkdir(parents=True, exist_ok=True)
        if origin == "packages":
            (folder / target).symlink_to(Path(sys.prefix))
        elif origin == "model":
            shutil.copytree(choose_model(folder.with_name(f"{folder.name}-model")), folder / target)
        elif origin == "page" or (PROJECT / sources[0]).is_dir():
            shutil.copytree(PROJECT / target, folder / target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(PROJECT / sources[0], folder / target)


def files_of(folder: Path) -> set[str]:
    return {f"{parent}/{name}" for parent, _, names in os.walk(folder) for name in names}


def test_last_stage_of_the_image_serves_and_writes_nothing(tmp_path: Path, dog: bytes):
    lay_out(IMAGE, tmp_path)
    (port,) = free_ports(1)
    environment = {"PATH": os.environ["PATH"], **IMAGE.environment()} | {"PORT": str(port)}
    environment[PREFIX + "MODEL"] = "yolov3-tiny"
    check = [sys.executable, *IMAGE.program("HEALTHCHECK")[1:]]
    assert run(*check, cwd=tmp_path, env=environment).returncode == 1  # nobody is there yet
    before = files_of(tmp_path)
    server = subprocess.Popen(IMAGE.program("CMD"), cwd=tmp_path, env=environment)

    def is_healthy() -> bool:
        assert server.poll() is None
        return run(*check, cwd=tmp_path, env=environment).returncode == 0

    try:
        wait_until(is_healthy)
        assert Client(port).detect(dog).json["detections"]
        assert b"<html" in Client(port).get("/").body
    finally:
        server.terminate()
        assert server.wait(STOP_LIMIT_S) == 0
    assert files_of(tmp_path) == before


@pytest.mark.parametrize("name", ["compose.yml", "compose.jobs.yml"])
def test_compose_file_is_valid(name: str):
    checked = run(PROGRAMS / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", DOCKER / name)
    assert checked.returncode == 0, checked.stdout


def test_workers_of_the_compose_file_share_all_with_the_api():
    (jobs,) = documents(DOCKER / "compose.jobs.yml")
    api, worker = jobs["services"]["api"], jobs["services"]["worker"]
    assert api["environment"].items() <= worker["environment"].items()
    assert api["volumes"] == worker["volumes"]
    assert worker["deploy"]["replicas"] == 2
    assert (worker["read_only"], worker["cap_drop"]) == (True, ["ALL"])


def test_the_patch_gives_the_api_what_the_workers_have():
    (patch,) = documents(KUBERNETES / "jobs" / "api-patch.yml")
    (worker,) = documents(KUBERNETES / "jobs" / "worker.yaml")
    (api_container,) = patch["spec"]["template"]["spec"]["containers"]
    (container,) = worker["spec"]["template"]["spec"]["containers"]
    for key in ("env", "volumeMounts"):
        assert all(entry in container[key] for entry in api_container[key])
    assert patch["spec"]["template"]["spec"]["volumes"][0] in worker["spec"]["template"]["spec"]["volumes"]


def test_only_nginx_of_the_compose_file_is_reached_from_outside():
    (compose,) = documents(DOCKER / "compose.yml")
    assert {name for name, service in compose["services"].items() if "ports" in service} == {"front"}
    for name in ("api", "front"):
        service = compose["services"][name]
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert (DOCKER / service["build"]["context"] / service["build"]["dockerfile"]).is_file()


@pytest.mark.parametrize("path", sorted(KUBERNETES.rglob("*.yaml")), ids=lambda path: path.name)
def test_kubernetes_would_accept(path: Path):
    checked = run(PROGRAMS / "kubernetes-validate", "--strict", path)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_containers_of_cloud_run_are_containers(tmp_path: Path):
    (service,) = documents(DOCKER / "cloud-run.yaml")
    containers = service["spec"]["template"]["spec"]["containers"]
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "pagesight"}, "spec": {"containers": containers}}
    (tmp_path / "pod.yaml").write_text(yaml.safe_dump(pod))
    checked = run(PROGRAMS / "kubernetes-validate", "--strict", tmp_path / "pod.yaml")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def manifests() -> Iterator[dict[str, Any]]:
    for path in (*KUBERNETES.rglob("*.yaml"), *DOCKER.glob("*.yml"), DOCKER / "cloud-run.yaml"):
        yield from documents(path)


def find(tree: Any, key: str) -> Iterator[Any]:
    """Give every value of a key, however deep."""
    if isinstance(tree, dict):
        yield from (tree[name] for name in tree if name == key)
    for branch in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from find(branch, key)


def test_each_probe_asks_for_what_is_there(client: FlaskClient):
    probes = [probe["path"] for manifest in manifests() for probe in find(manifest, "httpGet")]
    assert len(probes) >= 5
    for path in probes:
        assert client.get(path).status_code == 200


def test_each_setting_is_one_of_the_servers_and_good():
    found = {}
    for manifest in manifests():
        for environment in (*find(manifest, "env"), *find(manifest, "environment")):
            pairs = environment.items() if isinstance(environment, dict) else (
                (entry["name"], entry.get("value", "")) for entry in environment)  # fmt: skip
            found |= {name: str(value) for name, value in pairs if name.startswith(PREFIX) and "$" not in str(value)}
    assert {PREFIX + "ALLOWED_ORIGINS", PREFIX + "THREADS", PREFIX + "METRICS"} <= found.keys()
    assert {name.removeprefix(PREFIX).lower() for name in found} <= set(Settings.__dataclass_fields__)
    Settings.from_environment(found)


def test_pod_is_found_by_service_and_autoscaler():
    by_kind = {manifest["kind"]: manifest for path in KUBERNETES.glob("*.yaml") for manifest in documents(path)}
    deployment = by_kind["Deployment"]
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    ports = {port["name"] for port in container["ports"]}
    (port,) = by_kind["Service"]["spec"]["ports"]
    assert by_kind["Service"]["spec"]["selector"].items() <= labels.items()
    assert port["targetPort"] in ports - {"metrics"}
    assert by_kind["HorizontalPodAutoscaler"]["spec"]["scaleTargetRef"]["name"] == deployment["metadata"]["name"]
    assert "cpu" in container["resources"]["requests"]  # what the autoscaler counts by
    drain = deployment["spec"]["template"]["spec"]["terminationGracePeriodSeconds"]
    assert drain > container["lifecycle"]["preStop"]["sleep"]["seconds"] + 30  # gunicorn's graceful_timeout
