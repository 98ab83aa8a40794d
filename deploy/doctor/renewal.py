"""How certbot renews, which can only be seen on the server itself.

Source: https://eff-certbot.readthedocs.io/en/stable/using.html#renewing-certificates. With `installer = nginx` certbot
reloads nginx itself; otherwise a deploy hook must, or nginx serves the old certificate until it expires.
"""

import os
import subprocess
from pathlib import Path

from deploy.doctor.finding import Finding, unseen, well, wrong
from deploy.doctor.server import Server

TIMERS = ("certbot.timer", "snap.certbot.renew.timer", "certbot-renew.timer")
HOOKS_OF_ITS_OWN = ("renew_hook", "deploy_hook", "post_hook")
COMMAND_LIMIT_S = 10
ELSEWHERE = "only the server itself can tell; run the doctor there too"


def check_renewal_hook(server: Server) -> Finding:
    """See that a renewed certificate is put to use."""
    plan = server.letsencrypt / "renewal" / f"{server.host}.conf"
    if not plan.is_file():
        return unseen(ELSEWHERE)
    settings = _read_settings(plan)
    if settings.get("installer") == "nginx":
        return well("certbot reloads nginx itself")
    hooks = [settings[name] for name in HOOKS_OF_ITS_OWN if settings.get(name)]
    folders = (server.letsencrypt / "renewal-hooks" / name for name in ("deploy", "post"))
    hooks += [str(path) for folder in folders if folder.is_dir() for path in folder.iterdir() if _is_run(path)]
    if not hooks:
        hook = server.letsencrypt / "renewal-hooks" / "deploy" / "reload-nginx.sh"
        return wrong(
            "nothing reloads nginx after a renewal: it would serve the old certificate until that expires",
            f"printf '#!/bin/sh\\nsystemctl reload nginx\\n' | sudo tee {hook}; sudo chmod +x {hook}.",
        )
    return well(f"after a renewal runs {', '.join(sorted(hooks))}")


def check_renewal_timer(server: Server) -> Finding:
    """See that something starts certbot by itself."""
    if not (server.letsencrypt / "renewal").is_dir():
        return unseen(ELSEWHERE)
    try:
        command = ["systemctl", "is-enabled", *TIMERS]
        asked = subprocess.run(command, capture_output=True, text=True, timeout=COMMAND_LIMIT_S, check=False)  # noqa: S603
    except FileNotFoundError:
        return unseen("there is no systemd here to ask for certbot's timer")
    if "enabled" in asked.stdout.split():
        return well("a timer starts certbot")
    return wrong("no timer starts certbot: the certificate will expire", "sudo systemctl enable --now certbot.timer.")


def _is_run(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)


def _read_settings(plan: Path) -> dict[str, str]:
    pairs = (line.partition("=") for line in plan.read_text(encoding="utf-8").splitlines() if "=" in line)
    return {name.strip(): value.strip() for name, _, value in pairs}
