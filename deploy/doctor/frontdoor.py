"""nginx, which stands in front: the redirect to HTTPS, slow senders, and what it reveals about itself."""

import re
import time

from deploy.doctor.address import Address
from deploy.doctor.finding import Finding, unseen, warning, well, wrong
from deploy.doctor.server import Server

APPLICATION_SERVERS = ("gunicorn", "werkzeug")
REDIRECTS = (301, 302, 307, 308)
TELLING_HEADERS = ("Server", "X-Powered-By", "Via")
NGINX = "deploy/nginx/ shows how."


def check_redirect(server: Server) -> Finding:
    """See that a visitor who comes over http is led to https."""
    if not server.address.is_https:
        return unseen("the address given is http://")
    answer = server.network.ask(server.plain)
    remedy = f"In nginx, for port 80: return 308 {server.address.origin}$request_uri; {NGINX}"
    if answer.status not in REDIRECTS:
        return wrong(f"http://{server.host}/ answers {answer.status} and does not lead to https", remedy)
    target = answer.headers.get("Location", "")
    try:
        leads_home = Address.parse(target.partition("?")[0]).origin == server.address.origin
    except ValueError:
        leads_home = False
    if not leads_home:
        return wrong(f"http://{server.host}/ leads to {target}, not to {server.address.origin}", remedy)
    return well("http leads to https")


def check_proxy(server: Server) -> Finding:
    """See that something stands between the internet and gunicorn, which slow senders would stop."""
    name = server.status.headers.get("Server", "")
    if name.lower().startswith(APPLICATION_SERVERS):
        return wrong(
            f"{name.partition('/')[0]} faces the internet: a few slow senders would stop it",
            f"Let gunicorn listen on a UNIX socket only, with nginx in front: {NGINX}",
        )
    return well(f"{name.partition('/')[0] or 'a server without a name'} is in front")


def check_slow_senders(server: Server) -> Finding:
    """See that a connection is closed if its request never ends."""
    limit_s = server.network.limits.slow_sender_s
    began = time.monotonic()
    with server.connect() as plain, server.secure(plain) as sock:
        sock.settimeout(limit_s)
        sock.sendall(f"GET / HTTP/1.1\r\nHost: {server.address.authority}\r\nX-Slow: ".encode())
        try:
            sock.recv(1)
        except TimeoutError:
            return warning(
                f"a request that never ends keeps its connection for {limit_s:.0f} s and longer",
                f"In nginx: client_header_timeout 10s; {NGINX}",
            )
        except OSError:
            pass  # closed without a goodbye
    return well(f"a request that never ends is cut off after {time.monotonic() - began:.0f} s")


def check_no_versions(server: Server) -> Finding:
    """See that no header reveals a program's version, and so how to attack it."""
    telling = [f"{name}: {server.status.headers[name]}" for name in TELLING_HEADERS if name in server.status.headers]
    leaks = [text for text in telling if re.search(r"[a-z]/\d", text, re.IGNORECASE)]
    if leaks:
        return warning(f"a header tells a version ({'; '.join(leaks)})", f"In nginx: server_tokens off; {NGINX}")
    return well("no header tells a version")
