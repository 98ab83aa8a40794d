"""A certificate authority for a box: Debian's pebble (an ACME server for tests) with a name server, both as units."""

import json

import trustme

from tests.deploy.box import Box

FOLDER = "/etc/pebble"
ACME_SERVER = "https://127.0.0.1:14000/dir"
ACME_CA = f"{FOLDER}/ca.pem"  # by which pebble's own HTTPS is believed
TRUSTED_ROOT = f"{FOLDER}/root.pem"  # by which the certificates that it issues are believed
UNIT = "[Service]\nEnvironment=PEBBLE_VA_NOSLEEP=1\nExecStart={command}\n"
CONFIGURATION = {
    "pebble": {
        "listenAddress": "127.0.0.1:14000",
        "managementListenAddress": "127.0.0.1:15000",
        "certificate": f"{FOLDER}/server.pem",
        "privateKey": f"{FOLDER}/server.key",
        "httpPort": 80,
        "tlsPort": 443,
        "ocspResponderURL": "",
        "externalAccountBindingRequired": False,
    }
}


def authority_files() -> dict[str, str]:
    """Return what is to be put into a box for an authority, by its paths."""
    authority = trustme.CA()
    server = authority.issue_cert("127.0.0.1")
    elsewhere = "-http01 '' -https01 '' -tlsalpn01 ''"  # nginx answers these
    names = f"pebble-challtestsrv -defaultIPv4 127.0.0.1 -defaultIPv6 '' -dns01 127.0.0.1:53 {elsewhere}"
    units = {"pebble": f"pebble -config {FOLDER}/pebble.json -dnsserver 127.0.0.1:53", "names": names}
    return {
        f"{FOLDER}/pebble.json": json.dumps(CONFIGURATION),
        ACME_CA: authority.cert_pem.bytes().decode(),
        f"{FOLDER}/server.pem": server.cert_chain_pems[0].bytes().decode(),
        f"{FOLDER}/server.key": server.private_key_pem.bytes().decode(),
    } | {f"/etc/systemd/system/{name}.service": UNIT.format(command=command) for name, command in units.items()}


def start_authority(box: Box) -> None:
    """Start it, and put its root certificate where TRUSTED_ROOT says."""
    box.run("systemctl", "start", "names", "pebble")
    box.shell(
        f"curl --silent --show-error --fail --retry 50 --retry-connrefused --retry-delay 1 --cacert {ACME_CA} "
        f"https://127.0.0.1:15000/roots/0 --output {TRUSTED_ROOT}"
    )
