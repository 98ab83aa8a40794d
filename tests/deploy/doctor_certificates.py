"""Certificates as servers have them, right and wrong, from an authority of the tests' own."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


def write_certificates(folder: Path, host: str, page_host: str) -> None:
    """Write `NAME.pem` (with its chain) and `NAME.key` for each kind, and the authority as `authority.pem`."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    old, soon, future = (NOW - 90 * DAY, NOW - 2 * DAY), (NOW - 80 * DAY, NOW + 10 * DAY), (NOW + DAY, NOW + 90 * DAY)
    _write(folder, "good", authority.issue_cert(host))
    _write(folder, "page", authority.issue_cert(page_host))
    _write(folder, "other-name", authority.issue_cert("other.test"))
    for name, (start, end) in {"expired": old, "ends-soon": soon, "not-yet": future}.items():
        _write(folder, name, authority.issue_cert(host, not_before=start, not_after=end))
    _write(folder, "unknown", trustme.CA().issue_cert(host))
    _write(folder, "incomplete", authority.create_child_ca().issue_cert(host), with_chain=False)
    _write(folder, "staging", trustme.CA(organization_name="(STAGING) Let's Encrypt").issue_cert(host))
    _write_self_signed(folder / "self-signed.pem", folder / "self-signed.key", host)


def _write(folder: Path, name: str, certificate: trustme.LeafCert, *, with_chain: bool = True) -> None:
    certificate.private_key_pem.write_to_path(folder / f"{name}.key")
    chain = certificate.cert_chain_pems if with_chain else certificate.cert_chain_pems[:1]
    (folder / f"{name}.pem").write_bytes(b"".join(link.bytes() for link in chain))


def _write_self_signed(certificate_file: Path, key_file: Path, host: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    certificate = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + 90 * DAY)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    certificate_file.write_bytes(certificate.public_bytes(pem))
    form = serialization.PrivateFormat.PKCS8
    key_file.write_bytes(key.private_bytes(pem, form, serialization.NoEncryption()))
