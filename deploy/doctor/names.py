"""DNS, and whether anything answers at the addresses it gives."""

import ipaddress
import socket

from deploy.doctor.finding import Finding, unseen, well, wrong
from deploy.doctor.network import Endpoint, tell
from deploy.doctor.server import Server

OPEN_PORT = (
    "Open it in the firewall of the instance and of its provider, and see that nginx runs: systemctl status nginx."
)


def check_name(server: Server) -> Finding:
    """See that the name has an address."""
    try:
        endpoints = server.endpoints
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            return wrong(
                f"DNS does not answer when asked for {server.host}",
                "Is this computer online? If so, the name servers of the domain are down or not set up yet.",
            )
        endpoints = []
    if not endpoints:
        return wrong(
            f"{server.host} has no address in DNS",
            "Add an A record with the server's IPv4 address where the domain is managed; that takes up to an hour.",
        )
    return well(f"{server.host} is {_listed(endpoints)}")


def check_public(server: Server) -> Finding:
    """See that everybody can reach the addresses, not only the owner's network."""
    is_given = (server.host, server.address.port) in server.network.given
    private = [one for one in server.endpoints if not _is_public(one, loopback_is_meant=is_given)]
    if private:
        return wrong(
            f"{_listed(private)} is a private address: nobody outside that network reaches it",
            "Put the server's public address into DNS (or take the name out of this computer's /etc/hosts).",
        )
    return well("all addresses are public" if not is_given else "the addresses are those given with --resolve")


def check_port(server: Server) -> Finding:
    """See that at least one address takes connections on the API's port."""
    return _check_port(server, server.endpoints, server.address.port, OPEN_PORT)


def check_port_80(server: Server) -> Finding:
    """See that port 80 is open too: certbot renews over it, and visitors who type the name arrive there."""
    if not server.address.is_https:
        return unseen("the address given is http://")
    endpoints = server.network.look_up(server.host, server.plain.port)
    return _check_port(server, endpoints, 80, f"certbot renews the certificate over it. {OPEN_PORT}")


def check_every_address(server: Server) -> Finding:
    """See that each address leads to the same API: visitors with IPv6 take the AAAA record, others the A record."""
    unreachable = []
    for endpoint in server.endpoints:
        try:
            answer = server.ask("/status_check", endpoint=endpoint)
            if answer.members.get("message") != server.status.members.get("message"):
                unreachable.append(f"{endpoint.ip} is another server")
        except OSError as error:
            if _has_no_way(endpoint):
                return unseen(f"this computer has no IPv6, so {endpoint.ip} could not be tried")
            unreachable.append(f"{endpoint.ip}: {tell(error)}")
    if unreachable:
        return wrong(
            f"not every address of {server.host} leads to this API ({'; '.join(unreachable)})",
            "Remove the wrong record (A is IPv4, AAAA is IPv6), or let nginx listen there too: listen [::]:443 ssl;",
        )
    return well(f"{_listed(server.endpoints)} {'lead' if len(server.endpoints) > 1 else 'leads'} to this API")


def _check_port(server: Server, endpoints: list[Endpoint], port: int, remedy: str) -> Finding:
    refusals = []
    for endpoint in endpoints:
        try:
            server.network.connect(endpoint).close()
        except OSError as error:
            refusals.append(f"{endpoint.ip}: {tell(error)}")
        else:
            return well(f"port {port} is open at {endpoint.ip}")
    return wrong(
        f"nothing answers on port {port} ({'; '.join(refusals)})", f"Is that the server's address? If it is: {remedy}"
    )


def _listed(endpoints: list[Endpoint]) -> str:
    return " and ".join(dict.fromkeys(endpoint.ip for endpoint in endpoints))


def _is_public(endpoint: Endpoint, *, loopback_is_meant: bool) -> bool:
    ip = ipaddress.ip_address(endpoint.ip.partition("%")[0])
    return ip.is_global or (loopback_is_meant and ip.is_loopback)


def _has_no_way(endpoint: Endpoint) -> bool:
    """Return whether this computer has no route to an IPv6 address. Connecting UDP asks for one and sends nothing."""
    if ":" not in endpoint.ip:
        return False
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.connect((endpoint.ip, endpoint.port))
    except OSError:
        return True
    return False
