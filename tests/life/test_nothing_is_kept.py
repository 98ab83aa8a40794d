"""Nothing of a visitor is on disk, in a log or in somebody else's answer: real processes, and a kernel that watches.

The API runs where it cannot write a single byte to a file (RLIMIT_FSIZE), which is also what a full disk is like.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.models.engines.cores import Cores
from api.models.load import load_model
from api.settings import available_cores
from harness.gunicorn_server import PROJECT, GunicornServer, running_server
from harness.http_client import Client
from harness.life.canary import Canary, drawn_picture, what_was_found
from harness.life.deployment import wait_until
from harness.nginx_server import NginxServer, free_ports, running_nginx
from harness.real_models import link_models

# Its log goes through a pipe, which is no file.
NO_FILES = ("bash", "-c", 'exec > >(exec cat) 2>&1; ulimit -f 0; exec "$@"', "bash")


@pytest.fixture(scope="module")
def metrics_port() -> int:
    return free_ports(1)[0]


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("temporary")


@pytest.fixture(scope="module", params=["yolov3-tiny", "a model of each task"])
def models(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """What is served: the published model, or one of another format for each task."""
    return ("yolov3-tiny",) if request.param == "yolov3-tiny" else ("yolox-nano", "mobilenet_v2", "deeplabv3")


@pytest.fixture(scope="module")
def api(
    models: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory, temporary: Path, metrics_port: int
) -> Iterator[GunicornServer]:
    folder = PROJECT / "weights"
    if models != ("yolov3-tiny",):
        folder = tmp_path_factory.mktemp("weights")
        link_models(folder, *models)
    for name in models:
        load_model(name, folder, cores=Cores(available_cores()))  # so that it is kept: the server can write nothing
    environment = {
        "PAGESIGHT_MODELS": ",".join(models),
        "PAGESIGHT_WEIGHTS_DIR": str(folder),
        "PAGESIGHT_LOG_LEVEL": "DEBUG",
        "PAGESIGHT_METRICS": f"127.0.0.1:{metrics_port}",
        "TMPDIR": str(temporary),
    }
    with running_server(launcher=NO_FILES, **environment) as started:
        yield started


@pytest.fixture(scope="module")
def nginx(api: GunicornServer) -> Iterator[NginxServer]:
    with running_nginx(api.host) as started:
        yield started


def test_server_that_cannot_write_files_answers(nginx: NginxServer, dog: bytes):
    assert "dog" in {found["label"] for found in nginx.client.detect(dog).json["detections"]}


@pytest.mark.parametrize("way", ["directly", "through nginx"])
def test_nothing_of_a_visitor_is_anywhere(
    way: str,
    models: tuple[str, ...],
    api: GunicornServer,
    nginx: NginxServer,
    temporary: Path,
    metrics_port: int,
    dog: bytes,
):
    client = nginx.client if way == "through nginx" else api.client
    folders = [temporary, *nginx.folder.glob("temp*/")]
    before = what_was_found(client.detect(dog)), [folder.stat().st_mtime_ns for folder in folders]
    canary = Canary()
    answers = [answer for model in models for answer in canary.ask(client, model=model)]
    assert {answer.status for answer in answers} == {200, 400, 404, 413, 415, 422}
    assert not any(canary.is_in(drawn_picture(answer)) for answer in answers if b'"image"' in answer.body)

    assert before == (what_was_found(client.detect(dog)), [folder.stat().st_mtime_ns for folder in folders])
    other_answers = [client.get(path).body for path in ("/status_check", "/readyz", "/v1/labels", "/nowhere")]
    assert not any(canary.is_in(body) for body in [*other_answers, Client(metrics_port).get("/").body])
    wait_until(lambda: "route=/readyz" in api.log())  # the log comes through a pipe
    files = [path for path in nginx.folder.rglob("*") if path.is_file()]
    assert nginx.folder / "access.log" in files
    assert not any(canary.is_in(content) for content in [api.log(), *(path.read_bytes() for path in files)])


def test_a_crash_leaves_no_picture_of_the_memory(api: GunicornServer):
    limits = Path(f"/proc/{api.pid}/limits").read_text(encoding="ascii")
    core = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
    assert core.split()[4:6] == ["0", "0"]
