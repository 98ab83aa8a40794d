"""install.sh on a machine with the real systemd, nginx, certbot and an ACME authority, led by deploy/certbot.md."""

import base64
import os
from collections.abc import Iterator

import pytest

from harness.job_worker import walk
from tests.deploy.authority import ACME_CA, DNS_CREDENTIALS, ZONE
from tests.deploy.box import SOURCE, Box, why_there_is_no_box
from tests.deploy.document import DOCUMENT, command_blocks, runnable
from tests.deploy.machine import DOMAIN, FILES, empty_machine, publish, serving, state, visited
from tests.deploy.registries import has_package

INSTALL = "pagesight/deploy/install.sh"
SECTIONS_RUN = {"Set it up", "Change a setting", "Update it, and go back", "The certificate", "Stop it, to save money"}
RENEW = f"REQUESTS_CA_BUNDLE={ACME_CA} certbot renew --force-renewal --no-random-sleep-on-renew --quiet"
# nginx reads the new certificate behind the answer to its reload.
AWAIT_RENEWED = f"""
renewed=$(openssl x509 -noout -serial -in /etc/letsencrypt/live/{DOMAIN}/cert.pem)
for _ in $(seq 100); do
    shown=$(openssl s_client -connect {DOMAIN}:443 -servername {DOMAIN} </dev/null 2>&1 | openssl x509 -noout -serial)
    if [ "$shown" = "$renewed" ]; then exit 0; fi
    sleep 0.1
done
exit 1
"""
LOOK_AT_RENEWAL = f"""
from deploy.doctor.address import Address
from deploy.doctor.checks import CHECKS
from deploy.doctor.diagnosis import diagnose
from deploy.doctor.server import Server

checks = [check for check in CHECKS if check.name.startswith("renewal")]
for result in diagnose(Server(address=Address.parse("https://{DOMAIN}")), checks):
    print(result.check, result.finding.status.value)
"""
WATCH_A_VIDEO = f"""
job=$(curl --silent --form file=@walk.mp4 https://{DOMAIN}/v1/jobs | sed 's/.*"id":"\\([0-9a-f]*\\)".*/\\1/')
for try in $(seq 200); do
    state=$(curl --silent https://{DOMAIN}/v1/jobs/$job)
    case $state in *queued* | *running*) sleep 0.3 ;; *) break ;; esac
done
echo "$state"
"""
PLUGIN = "python3-certbot-dns-rfc2136"
TIMED_OUT = 28  # what curl then ends with
ADDRESS = "192.0.2.1"
# A second machine, which reaches this one at ADDRESS.
NEIGHBOUR = f"""
ip netns add neighbour
ip link add to-neighbour type veth peer name eth0 netns neighbour
ip address add {ADDRESS}/24 dev to-neighbour
ip link set to-neighbour up
ip -n neighbour address add 192.0.2.2/24 dev eth0
ip -n neighbour link set eth0 up
"""
OBSTACLE = why_there_is_no_box(
    "certbot", "curl", "git", "ip", "knotd", "logrotate", "nginx", "nsenter", "pebble", "sudo", "ufw", "unshare"
)

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(bool(OBSTACLE), reason=OBSTACLE or "there is a box"),
    pytest.mark.timeout(600),
]


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    """An empty machine with a firewall that lets its owner in and nobody else."""
    with empty_machine() as started:
        started.shell("ufw --force enable && ufw allow 22/tcp")
        yield started


@pytest.fixture(scope="module")
def installed(box: Box) -> str:
    """What the commands of the section `Set it up` print; the machine is set up by them."""
    return box.shell("".join(runnable("Set it up")))


def test_a_dry_run_tells_every_step_and_changes_nothing(box: Box) -> None:
    before = state(box)
    told = box.run(f"{SOURCE}/deploy/install.sh", "--domain", DOMAIN, "--dry-run").stdout
    assert state(box) == before
    for step in ("Packages", "The model yolov3-tiny", "The service", "nginx and the certificate", "Logs"):
        assert f"== {step}" in told
    assert f"would run: env REQUESTS_CA_BUNDLE={ACME_CA} certbot certonly" in told


def test_there_is_nothing_to_go_back_to_at_first(box: Box) -> None:
    tried = box.run(f"{SOURCE}/deploy/install.sh", "--rollback", check=False)
    assert tried.returncode == 1
    assert "there is no version before this one" in tried.stdout


def test_another_web_server_is_named_before_anything_is_done(box: Box) -> None:
    box.run("systemd-run", "--unit", "another", "python3", "-m", "http.server", "80")
    box.shell("until ss -H -l -t -n 'sport = :80' | grep -q .; do sleep 0.05; done")
    tried = box.run(f"{SOURCE}/deploy/install.sh", "--domain", DOMAIN, check=False)
    box.run("systemctl", "stop", "another")
    assert tried.returncode == 1
    assert "port 80 is taken by python3" in tried.stdout
    assert "== Packages" not in tried.stdout


def test_the_document_leads_to_a_detection_over_https(installed: str) -> None:
    assert '"status":"online"' in installed
    assert '"label":"stop sign"' in installed.replace(": ", ":")


def test_each_command_block_is_run_by_a_test_or_the_readers_own() -> None:
    blocks = command_blocks()
    assert DOCUMENT.read_text(encoding="utf-8").count("```") == 2 * len(blocks)
    assert {block.section for block in blocks if not block.yours} == SECTIONS_RUN


def test_the_first_detection_takes_at_most_twelve_commands() -> None:
    begin = [block for block in command_blocks() if block.section in ("Before you begin", "Set it up")]
    assert 3 <= sum(len(block.commands.splitlines()) for block in begin) <= 12


def test_packages_lie_in_an_environment_beside_the_releases(box: Box, installed: str) -> None:
    assert installed
    environment = box.run("readlink", "-f", "/opt/pagesight/current/.venv").stdout.strip()
    assert environment.startswith("/opt/pagesight/environments/")
    assert "pagesight-box" in box.run(f"{environment}/bin/pip", "list").stdout


def test_the_model_is_converted_before_the_service_starts(box: Box, installed: str) -> None:
    assert "yolov3-tiny is ready" in installed
    cache = box.shell("echo /var/cache/pagesight/$(basename $(readlink /opt/pagesight/current))").strip()
    assert box.run("stat", "-c", "%U", cache).stdout == "pagesight\n"
    assert box.shell(f"ls {cache}/yolov3-tiny/*/*.xml").count("\n") == 1
    assert "converting" not in box.run("journalctl", "--unit", "pagesight*.service", "--output", "cat").stdout


def test_settings_of_the_owner_are_kept(box: Box, installed: str) -> None:
    assert installed
    settings = box.run("cat", "/etc/pagesight.env").stdout
    assert settings.splitlines()[:3] == FILES["/etc/pagesight.env"].splitlines()
    assert "PAGESIGHT_ALLOWED_ORIGINS=https://you.github.io" in settings
    modes = box.run("stat", "-c", "%a %U", "/etc/pagesight.env", "/opt/pagesight/settings").stdout
    assert modes.splitlines() == ["600 root"] * 2, "they may hold a password"


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
    before = state(box)
    box.shell(f"cd pagesight\n{again}")
    assert state(box) == before


def test_videos_are_taken_once_the_owner_says_so_and_no_longer_when_not(box: Box, installed: str) -> None:
    assert installed
    box.run("bash", "-c", "base64 --decode >walk.mp4", stdin=base64.b64encode(walk(1.0)).decode())
    box.shell(f"echo PAGESIGHT_JOBS=sqlite >>/etc/pagesight.env && {INSTALL}")
    told = box.shell(WATCH_A_VIDEO)
    assert '"state":"done"' in told, told + box.run("journalctl", "--unit", "pagesight-worker").stdout
    assert box.run("stat", "-c", "%a", "/var/lib/pagesight").stdout == "700\n"
    assert "-m api.worker" in box.shell("ps -o args= -p $(systemctl show -p MainPID --value pagesight-worker)")
    box.shell(f"sed -i /PAGESIGHT_JOBS/d /etc/pagesight.env && {INSTALL}")
    assert box.run("systemctl", "is-active", "pagesight-worker", check=False).returncode
    assert "no-jobs" in box.run("curl", "--silent", "--form", "file=@walk.mp4", f"https://{DOMAIN}/v1/jobs").stdout


def test_a_renewed_certificate_is_served_without_a_failed_request(box: Box, installed: str) -> None:
    assert installed
    with visited(box) as visits:
        box.shell(RENEW)
        box.shell(AWAIT_RENEWED)
        box.run("curl", "--silent", "--fail", f"https://{DOMAIN}/status_check")
    assert visits["failures"] == []
    assert len(visits["serials"]) == 2


def test_the_doctor_finds_hook_and_timer(box: Box, installed: str) -> None:
    assert installed
    told = box.shell(f"cd pagesight && python3 -c '{LOOK_AT_RENEWAL}'")
    assert told == "renewal-hook well\nrenewal-timer well\n"


@pytest.mark.skipif(not has_package(PLUGIN), reason=f"{PLUGIN} was not fetched")
def test_the_name_is_proved_by_dns_where_the_owner_says_so(box: Box, installed: str) -> None:
    assert installed
    (commands,) = [block.commands for block in command_blocks() if "--dns " in block.commands]
    commands = commands.replace("dns_cloudflare_api_token = YOUR-TOKEN", DNS_CREDENTIALS.rstrip())
    box.shell("echo 'dns-rfc2136-propagation-seconds = 1' >/etc/letsencrypt/cli.ini")
    with visited(box) as visits:
        box.shell(f"cd pagesight\n{commands.replace('cloudflare', 'rfc2136')}")
        box.shell(AWAIT_RENEWED)
        box.shell(RENEW)
        box.shell(AWAIT_RENEWED)
        box.run("curl", "--silent", "--fail", f"https://{DOMAIN}/status_check")
    assert visits["failures"] == []
    assert len(visits["serials"]) == 3
    assert "authenticator = dns-rfc2136" in box.run("cat", f"/etc/letsencrypt/renewal/{DOMAIN}.conf").stdout
    assert "TXT" not in box.run("knotc", "zone-read", ZONE).stdout  # the proofs are gone


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
    assert box.shell("ls /var/cache/pagesight") == box.shell("ls /opt/pagesight/releases")


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


def test_a_firewall_of_the_owners_lets_visitors_in(box: Box, installed: str) -> None:
    assert installed
    box.shell(NEIGHBOUR)
    ask = f"curl --silent --max-time 2 --resolve {DOMAIN}:443:{ADDRESS} https://{DOMAIN}/status_check"
    from_outside = ("ip", "netns", "exec", "neighbour", *ask.split())
    assert '"status":"online"' in box.run(*from_outside).stdout
    box.run("ufw", "delete", "allow", "443/tcp")
    assert box.run(*from_outside, check=False).returncode == TIMED_OUT
    box.run("ufw", "allow", "443/tcp")


def test_the_service_may_use_three_quarters_of_the_memory(box: Box, installed: str) -> None:
    assert installed
    limit = int(box.run("systemctl", "show", "-p", "MemoryMax", "--value", "pagesight.service").stdout)
    assert limit == pytest.approx(0.75 * os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"), rel=0.01)


def test_it_stops_and_starts_as_the_document_says(box: Box, installed: str) -> None:
    assert installed
    (commands,) = runnable("Stop it, to save money")
    stop, start = commands.splitlines()
    box.shell(stop)
    assert '"status":502' in box.run("curl", "--silent", f"https://{DOMAIN}/status_check").stdout.replace(" ", "")
    box.shell(start)
    box.run("curl", "--silent", "--fail", f"https://{DOMAIN}/status_check")


def test_a_service_that_was_killed_comes_back(box: Box, installed: str) -> None:
    assert installed
    box.shell("systemctl kill --signal KILL pagesight.service")
    box.run("curl", "--silent", "--fail", f"https://{DOMAIN}/status_check")  # systemd holds the socket, so it waits
    assert "NRestarts=1" in box.run("systemctl", "show", "-p", "NRestarts", "pagesight.service").stdout


def test_a_reboot_brings_everything_back(box: Box, installed: str) -> None:
    assert installed
    box.reboot()
    box.shell(f"until curl --silent --fail https://{DOMAIN}/readyz; do sleep 0.2; done")
    for unit in ("certbot.timer", "nginx.service", "pagesight.service", "pagesight.socket"):
        box.run("systemctl", "is-active", unit)
