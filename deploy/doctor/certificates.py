"""The certificate (its chain, its name, its days) and the versions of TLS."""

import time
from datetime import UTC, datetime

from deploy.doctor.finding import Finding, unseen, warning, well, wrong
from deploy.doctor.server import Server
from deploy.doctor.tls import objection_to_chain, spoken_old_version, spoken_version

WARN_DAYS = 21  # certbot renews at 30: nine days of failed attempts
DAY_S = 86_400
NOT_HTTPS = "the address given is http://"
RENEW = "On the server: sudo certbot renew --dry-run, then sudo certbot renew; sudo systemctl reload nginx."


def check_chain(server: Server) -> Finding:
    """See that the certificate leads to an authority that browsers trust."""
    if not server.address.is_https:
        return unseen(NOT_HTTPS)
    certificate = server.certificate
    objection = objection_to_chain(server.connect, server.host, server.network.trust())
    if not objection:
        return well(f"the certificate is by {certificate.issuer}")
    if certificate.is_self_signed:
        return wrong(
            "the certificate is self-signed: browsers refuse it",
            "Get one from Let's Encrypt: deploy/certbot.md.",
        )
    if "STAGING" in certificate.issuer:
        return wrong(
            f"the certificate is a test one ({certificate.issuer}): browsers refuse it",
            "Ask certbot again with --force-renewal, without --staging and --test-cert.",
        )
    if not server.network.trusts_anybody:
        return wrong(
            "the Python of this computer trusts no authority at all, so no certificate can be looked at",
            "Python from python.org on a Mac: run its `Install Certificates.command`. Elsewhere: --cacert FILE.",
        )
    return wrong(
        f"the chain of the certificate is incomplete, or its authority ({certificate.issuer}) unknown: {objection}",
        "nginx must serve the whole chain: ssl_certificate .../fullchain.pem, not cert.pem; then reload nginx.",
    )


def check_certificate_name(server: Server) -> Finding:
    """See that the certificate is for the name in the address."""
    if not server.address.is_https:
        return unseen(NOT_HTTPS)
    certificate = server.certificate
    names = ", ".join(certificate.names) or "no name at all"
    if certificate.objection_to_name(server.connect, server.host):
        return wrong(
            f"the certificate is for {names}, not for {server.host}",
            "Get one for this name (deploy/certbot.md); or does DNS lead to another server than yours?",
        )
    return well(f"the certificate is for {names}")


def check_certificate_days(server: Server) -> Finding:
    """See that the certificate is valid today and for long enough that a failing renewal would be noticed."""
    if not server.address.is_https:
        return unseen(NOT_HTTPS)
    certificate = server.certificate
    now = time.time()
    days = (certificate.ends - now) / DAY_S
    end = f"{datetime.fromtimestamp(certificate.ends, UTC):%d %B %Y}"
    if certificate.starts > now:
        start = f"{datetime.fromtimestamp(certificate.starts, UTC):%d %B %Y %H:%M} UTC"
        return wrong(f"the certificate is valid only from {start} on", "Is the clock of this computer right?")
    if days < 0:
        return wrong(f"the certificate expired on {end}, {-days:.0f} days ago", RENEW)
    if days < WARN_DAYS:
        return warning(f"the certificate ends on {end}, in {days:.0f} days, and has not been renewed", RENEW)
    return well(f"the certificate is valid until {end}, {days:.0f} days")


def check_tls_versions(server: Server) -> Finding:
    """See that TLS 1.2 or 1.3 is spoken, and nothing older (RFC 8996)."""
    if not server.address.is_https:
        return unseen(NOT_HTTPS)
    current = spoken_version(server.connect, server.host)
    old = spoken_old_version(server.connect, server.host)
    if old is None:
        return unseen(f"{current} is spoken; this computer cannot try older versions")
    if old:
        return wrong(
            f"the server still speaks {old}, which is broken",
            "In nginx: ssl_protocols TLSv1.2 TLSv1.3; then reload it.",
        )
    return well(f"{current} is spoken, TLS 1.0 and 1.1 are refused")
