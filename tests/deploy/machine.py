"""A box that is to become a server: what its owner has made of it before, and what becomes of its visitors."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from harness.gunicorn_server import PROJECT
from tests.deploy.authority import ACME_CA, ACME_SERVER, TRUSTED_ROOT, authority_files, start_authority
from tests.deploy.box import PYTHON, SOURCE, Box, running_box
from tests.deploy.registries import registry_files

DOMAIN = "detector.example.org"
VISITORS = "/srv/visitors.py"
FILES = {
    "/etc/hosts": f"127.0.0.1 localhost vm {DOMAIN}\n",
    "/etc/gitconfig": "[core]\ncompression = 0\n[user]\nname = You\nemail = you@example.org\n"
    f'[init]\ndefaultBranch = main\n[url "{SOURCE}"]\ninsteadOf = https://github.com/YOU/pagesight\n',
    "/etc/pagesight.env": "# mine\nPAGESIGHT_MODEL=yolov3-tiny\nPAGESIGHT_SLOTS=1\n",
    # What a person with an authority of their own has answered before.
    "/opt/pagesight/answers": f"acme_server={ACME_SERVER}\nacme_ca={ACME_CA}\n",
    VISITORS: (PROJECT / "tests" / "deploy" / "visitors.py").read_text(encoding="utf-8"),
}
# What lies there does not depend on install.sh.
NOT_LOOKED_AT = "/etc/ssl", "/var/log/journal", "/var/lib/knot"
STATE = f"""
find /etc /opt /root /srv /var {" ".join(f"-path {path} -prune -o" for path in NOT_LOOKED_AT)} \\
    -printf '%p %y %m %U %T@ %s %l\\n'
find /etc /opt/pagesight -path /etc/ssl -prune -o -type f -exec sha256sum {{}} +
systemctl show -p InvocationID nginx pagesight.service pagesight.socket
"""


@contextmanager
def empty_machine() -> Iterator[Box]:
    """Give a machine with the repository where the document fetches it from."""
    with running_box(authority_files() | registry_files() | FILES) as box:
        box.shell(f"cd {SOURCE} && git init --quiet && git add --all && git commit --quiet --message 'As it is'")
        start_authority(box)
        yield box


def state(box: Box) -> set[str]:
    """Return, as lines, all that is on the disk but for the logs; and which process serves since when."""
    return set(box.shell(STATE).splitlines())


@contextmanager
def visited(box: Box) -> Iterator[dict[str, Any]]:
    """Have visitors detect and ask for the status during the block; afterwards, tell what became of that."""
    arguments = [PYTHON, VISITORS, DOMAIN, TRUSTED_ROOT]
    visits: dict[str, Any] = {}
    with subprocess.Popen(
        box.command(*arguments), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as visitors:
        try:
            yield visits
        finally:
            told, _ = visitors.communicate()
    visits.update(json.loads(told))


def serving(box: Box) -> str:
    """Return the name of the release that serves."""
    return box.run("readlink", "/opt/pagesight/current").stdout.strip()


def publish(box: Box, change: str) -> None:
    """Make a change to the repository that the document fetches from."""
    box.shell(f"cd {SOURCE} && {change} && git commit --quiet --all --message 'Change something'")
