"""What the tests of deploy/ share."""

import subprocess
from collections.abc import Iterator

import pytest

from api.models.model import Model
from harness.gunicorn_server import PROJECT, GunicornServer
from tests.deploy.doctor_apis import faulty_apis
from tests.deploy.doctor_sites import HOST, RunningSites, running_sites

POLICY = "import('./site/build/security-policy.js').then((built) => console.log(built.securityPolicy(process.argv[1])))"


@pytest.fixture(scope="session")
def sites(server: GunicornServer, model: Model, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSites]:
    """An nginx in front of the real API, right once and wrong in many ways."""
    folder = tmp_path_factory.mktemp("doctor")
    with (
        faulty_apis(folder, model) as upstreams,
        running_sites(folder, {"api": server.host, **upstreams}) as running,
    ):
        running.page.write_text(page_for(f"https://{HOST}"))
        yield running


def page_for(api_url: str) -> str:
    """Return a page with the policy that site/build gives one built for this API."""
    command = ["node", "--input-type=module", "-e", POLICY, api_url]
    policy = subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True, timeout=60).stdout.strip()
    return f'<!doctype html><meta http-equiv="Content-Security-Policy" content="{policy}"><title>Pagesight</title>'
