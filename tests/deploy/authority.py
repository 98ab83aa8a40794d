"""A certificate authority for a box: Debian's pebble (an ACME server for tests), and knot, a name server."""

import base64
import json
import secrets

import trustme

from tests.deploy.box import Box

ZONE = "example.org"
FOLDER = "/etc/pebble"
ACME_SERVER = "https://127.0.0.1:14000/dir"
ACME_CA = f"{FOLDER}/ca.pem"  # by which pebble's own HTTPS is believed
TRUSTED_ROOT = f"{FOLDER}/root.pem"  # by which the certificates that it issues are believed
# By default pebble refuses one nonce in twenty, and certbot gives up when that happens twice in a row.
PEBBLE_UNIT = f"""[Service]
Environment=PEBBLE_VA_NOSLEEP=1 PEBBLE_WFE_NONCEREJECT=0
ExecStart=pebble -config {FOLDER}/pebble.json -dnsserver 127.0.0.1:53
"""
PEBBLE = {
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
UPDATE_KEY = base64.b64encode(secrets.token_bytes(64)).decode()
KNOT = f"""
server:
    listen: 127.0.0.1@53
key:
  - id: certbot
    algorithm: hmac-sha512
    secret: {UPDATE_KEY}
acl:
  - id: certbot
    key: certbot
    action: update
    update-type: TXT
zone:
  - domain: {ZONE}
    file: /etc/knot/zone
    zonefile-sync: -1
    acl: certbot
"""
# For certbot's plugin dns-rfc2136, as in its documentation.
DNS_CREDENTIALS = f"""dns_rfc2136_server = 127.0.0.1
dns_rfc2136_name = certbot.
dns_rfc2136_secret = {UPDATE_KEY}
dns_rfc2136_algorithm = HMAC-SHA512
"""
HOSTS = """
@ 60 SOA ns hostmaster 1 60 60 60 60
@ 60 NS ns
ns 60 A 127.0.0.1
detector 60 A 127.0.0.1
"""


def authority_files() -> dict[str, str | bytes]:
    """Return what is to be put into a box for an authority, by its paths."""
    authority = trustme.CA()
    server = authority.issue_cert("127.0.0.1")
    return {
        f"{FOLDER}/pebble.json": json.dumps(PEBBLE),
        ACME_CA: authority.cert_pem.bytes(),
        f"{FOLDER}/server.pem": server.cert_chain_pems[0].bytes(),
        f"{FOLDER}/server.key": server.private_key_pem.bytes(),
        "/etc/systemd/system/pebble.service": PEBBLE_UNIT,
        "/etc/knot/knot.conf": KNOT,
        "/etc/knot/zone": HOSTS,
        "/etc/resolv.conf": "nameserver 127.0.0.1\n",
    }


def start_authority(box: Box) -> None:
    """Start it, and have the machine trust it."""
    box.run("systemctl", "start", "knot", "pebble")
    ask = f"curl --silent --fail --cacert {ACME_CA} https://127.0.0.1:15000/roots/0 --output {TRUSTED_ROOT}"
    box.shell(f"until {ask}; do sleep 0.1; done\ncat {TRUSTED_ROOT} >>/etc/ssl/certs/ca-certificates.crt")
