"""install.sh on a machine with the real systemd, nginx, certbot and an ACME authority, led by deploy/certbot.md."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.deploy.authority import ACME_CA, ACME_SERVER, TRUSTED_ROOT, authority_files, start_authority
from tests.deploy.box import SOURCE, VENV, Box, running_box, why_there_is_no_box
from tests.deploy.document import command_blocks, runnable
from tests.gunicorn_server import PROJECT

DOMAIN = "detector.example.org"
INSTALL = "pagesight/deploy/install.sh"
VISITORS = "/srv/visitors.py"
# What a person with an environment and an authority of their own has answered before. It spares the box the network.
ANSWERS = f"venv={VENV}\nacme_server={ACME_SERVER}\nacme_ca={ACME_CA}\n"
FILES = {
    "/etc/hosts": f"127.0.0.1 localhost vm {DOMAIN}\n",
    "/etc/resolv.conf": "nameserver 127.0.0.1\n",
    "/etc/gitconfig": "[core]\ncompression = 0\n[user]\nname = You\nemail = you@example.org\n"
    f'[init]\ndefaultBranch = main\n[url "{SOURCE}"]\ninsteadOf = https://github.com/YOU/pagesight\n',
    "/etc/pagesight.env": "# mine\nPAGESIGHT_MODEL=yolov3-tiny\nPAGESIGHT_SLOTS=1\n",
    "/opt/pagesight/answers": ANSWERS,
    VISITORS: (PROJECT / "tests" / "deploy" / "visitors.py").read_text(encoding="utf-8"),
}
# Everything that is on a disk, but for the logs; and which process serves since when.
STATE = (
    "find /etc /opt /root /srv /var -path /var/log/journal -prune -o -printf '%p %y %m %U %T@ %s %l\\n' | sort;"
    " find /etc /opt/pagesight -type f -exec sha256sum {} + | sort;"
    " systemctl show -p InvocationID nginx pagesight.service pagesight.socket"
)

OBSTACLE = why_there_is_no_box(
    "certbot", "curl", "git", "ip", "logrotate", "nginx", "nsenter", "pebble", "sudo", "unshare"
)

pytestmark = [
    pytest.mark.skipif(bool(OBSTACLE), reason=OBSTACLE or "there is a box"),
    pytest.mark.timeout(600),
]


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    """An empty machine, with the repository where the document fetches it from."""
    with running_box(authority_files() | FILES) as started:
        started.shell(f"cd {SOURCE} && git init --quiet && git add --all && git commit --quiet --message 'As it is'")
        start_authority(started)
        started.shell(f"cp {TRUSTED_ROOT} /usr/local/share/ca-certificates/pebble.crt && update-ca-certificates 2>&1")
        yield started


@pytest.fixture(scope="module")
def installed(box: Box) -> str:
    """What the commands of the section `Set it up` print; the machine is set up by them."""
    return box.shell("".join(runnable("Set it up")))


def test_a_dry_run_tells_every_step_and_changes_nothing(box: Box) -> None:
    before = box.shell(STATE)
    told = box.run(f"{SOURCE}/deploy/install.sh", "--domain", DOMAIN, "--dry-run").stdout
    assert box.shell(STATE) == before
    for step in ("Packages", "The model yolov3-tiny", "The service", "nginx and the certificate", "Logs"):
        assert f"== {step}" in told
    assert f"would run: env REQUESTS_CA_BUNDLE={ACME_CA} certbot certonly" in told


def test_there_is_nothing_to_go_back_to_at_first(box: Box) -> None:
    tried = box.run(f"{SOURCE}/deploy/install.sh", "--rollback", check=False)
    assert tried.returncode == 1
    assert "there is no version before this one" in tried.stdout


def test_the_document_leads_to_a_detection_over_https(installed: str) -> None:
    assert '"status":"online"' in installed
    assert '"label":"stop sign"' in installed.replace(": ", ":")


def test_the_first_detection_takes_at_most_twelve_commands() -> None:
    begin = [block for block in command_blocks() if block.section in ("Before you begin", "Set it up")]
    assert 3 <= sum(len(block.commands.splitlines()) for block in begin) <= 12


def test_settings_of_the_owner_are_kept(box: Box, installed: str) -> None:
    assert installed
    settings = box.run("cat", "/etc/pagesight.env").stdout
    assert settings.splitlines()[:3] == FILES["/etc/pagesight.env"].splitlines()
    assert "PAGESIGHT_ALLOWED_ORIGINS=https://you.github.io" in settings


def test_only_nginx_reaches_the_service(box: Box, installed: str) -> None:
    assert installed
    assert box.run("stat", "-c", "%U:%G %a", "/run/pagesight/gunicorn.sock").stdout == "root:www-data 660\n"
    user = box.shell("ps -o user= -p $(systemctl show -p MainPID --value pagesight)").strip()
    assert user.startswith("pagesig")


def test_the_service_can_read_the_certificate_and_not_its_key(box: Box, installed: str) -> None:
    assert installed
    folder = f"/etc/letsencrypt/live/{DOMAIN}"
    assert f"PAGESIGHT_CERTIFICATE={folder}/fullchain.pem" in box.run("cat", "/etc/pagesight.env").stdout
    service = ("setpriv", "--reuid=pagesight", "--regid=pagesight", "--clear-groups", "test", "-r")
    assert box.run(*service, f"{folder}/fullchain.pem", check=False).returncode == 0
    assert box.run(*service, f"{folder}/privkey.pem", check=False).returncode == 1


def test_a_second_run_changes_nothing(box: Box, installed: str) -> None:
    assert installed
    (again,) = runnable("Change a setting")
    before = box.shell(STATE)
    box.shell(f"cd pagesight\n{again}")
    assert box.shell(STATE) == before


def test_a_renewed_certificate_is_served_without_a_failed_request(box: Box, installed: str) -> None:
    assert installed
    with visited(box) as visits:
        box.shell(f"REQUESTS_CA_BUNDLE={ACME_CA} certbot renew --force-renewal --no-random-sleep-on-renew --quiet")
        box.run("curl", "--silent", "--fail", f"https://{DOMAIN}/status_check")
    assert visits["failures"] == []
    assert len(visits["serials"]) == 2


def test_every_command_about_the_certificate_runs(box: Box, installed: str) -> None:
    assert installed
    told = "".join(box.shell(commands) for commands in runnable("The certificate"))
    assert "certbot.service" in told
    assert f"Domains: {DOMAIN}" in told
    assert "(VALID: " in told


def test_an_update_and_the_way_back_lose_no_request(box: Box, installed: str) -> None:
    assert installed
    before = serving(box)
    publish(box, "echo '# a newer version' >>api/app.py")
    box.shell("sed -i s/PAGESIGHT_SLOTS=1/PAGESIGHT_SLOTS=2/ /etc/pagesight.env")
    update, back = runnable("Update it, and go back")
    with visited(box) as visits:
        box.shell(f"cd pagesight\n{update}")
        assert serving(box) != before
        assert "PAGESIGHT_SLOTS=2" in box.shell(
            "tr '\\0' '\\n' </proc/$(systemctl show -p MainPID --value pagesight)/environ"
        )
        box.shell(f"cd pagesight\n{back}")
    assert serving(box) == before
    assert visits["failures"] == []
    assert visits["answers"]["POST / 200"] > 3


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        ("truncate --size 1000000 pagesight/weights/mine.weights && echo --model mine >more", "mine cannot serve"),
        ("echo 'raise RuntimeError(\"a mistake\")' >pagesight/api/app.py", "a mistake"),
        ("echo 'PAGESIGHT_QUEUE=many' >>/etc/pagesight.env", "PAGESIGHT_QUEUE='many' is not a whole number"),
    ],
    ids=["weights that are cut off", "code that fails", "a setting that is none"],
)
def test_what_does_not_do_leaves_the_old_version_serving(box: Box, installed: str, damage: str, complaint: str) -> None:
    assert installed
    box.shell("cp -a pagesight kept && cp /etc/pagesight.env kept.env && touch more")
    before = serving(box), box.shell("systemctl show -p InvocationID pagesight.service")
    try:
        box.shell(f"for ending in cfg weights; do cp pagesight/weights/{{yolov3-tiny,mine}}.$ending; done; {damage}")
        tried = box.run("bash", "-c", f"{INSTALL} $(cat more)", check=False)
    finally:
        box.shell("rm -rf pagesight more && mv kept pagesight && mv kept.env /etc/pagesight.env")
    assert tried.returncode == 1
    assert complaint in tried.stdout
    assert "goes on serving" in tried.stdout
    assert before == (serving(box), box.shell("systemctl show -p InvocationID pagesight.service"))
    assert box.run("curl", "--silent", "--fail", f"https://{DOMAIN}/readyz").returncode == 0
    assert "pagesight-trial" not in box.run("systemctl", "list-units", "--all", "--plain").stdout


def test_it_stops_and_starts_as_the_document_says(box: Box, installed: str) -> None:
    assert installed
    (commands,) = runnable("Stop it, to save money")
    stop, start = commands.splitlines()
    box.shell(stop)
    assert '"status":502' in box.run("curl", "--silent", f"https://{DOMAIN}/status_check").stdout.replace(" ", "")
    box.shell(start)
    box.shell(f"curl --silent --fail --retry 60 --retry-delay 1 https://{DOMAIN}/readyz")


@contextmanager
def visited(box: Box) -> Iterator[dict[str, Any]]:
    """Have visitors detect and ask for the status during the block; afterwards, tell what became of that."""
    arguments = [f"{VENV}/bin/python", VISITORS, DOMAIN, TRUSTED_ROOT]
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
