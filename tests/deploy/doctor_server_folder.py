"""What certbot and systemd leave on a server, in a folder of the test's."""

import os
from pathlib import Path

import pytest

from tests.deploy.doctor_sites import HOST

RENEWAL = "version = 2.1.0\n[renewalparams]\nauthenticator = webroot\n"


def certbot_on_server(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, timers: str = "enabled", hook: bool = True
) -> Path:
    """Return the /etc/letsencrypt of a server, whose systemctl says of each of certbot's timers what is in `timers`."""
    letsencrypt = folder / "letsencrypt"
    hooks = letsencrypt / "renewal-hooks" / "deploy"
    hooks.mkdir(parents=True)
    (letsencrypt / "renewal").mkdir()
    (letsencrypt / "renewal" / f"{HOST}.conf").write_text(RENEWAL)
    if hook:
        write_program(hooks / "reload-nginx.sh", "systemctl reload nginx")
    programs = folder / "programs"
    programs.mkdir()
    write_program(programs / "systemctl", f"printf '{timers}\\n'")
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    return letsencrypt


def write_program(path: Path, command: str) -> None:
    """Write a shell script that can be run."""
    path.write_text(f"#!/bin/sh\n{command}\n")
    path.chmod(0o755)
