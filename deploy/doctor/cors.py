"""The page's side: whether it may ask, whether it may read the answers, and where it looks for the API.

CORS: https://fetch.spec.whatwg.org/#http-cors-protocol; mixed content: https://www.w3.org/TR/mixed-content/.
"""

from html.parser import HTMLParser
from http.client import HTTPException

from deploy.doctor.finding import Finding, unseen, warning, well, wrong
from deploy.doctor.form import encode_form
from deploy.doctor.network import Answer, tell
from deploy.doctor.server import Server

ALLOW = "Access-Control-Allow-Origin"
FOREIGN = "https://foreign.invalid"
NO_ORIGIN = "no ORIGIN is given"


def check_origin(server: Server) -> Finding:
    """See that the given origin is one that a browser would send."""
    if server.given_origin is None:
        return unseen("no ORIGIN is given, so nothing can be said of pages that ask")
    if server.given_origin.lower() != server.origin:
        return wrong(
            f"{server.given_origin} is not an origin: of this page, browsers send {server.origin}",
            f"Write {server.origin}, without a path and without / at its end, here and in PAGESIGHT_ALLOWED_ORIGINS.",
        )
    return well(f"{server.origin} is an origin")


def check_mixed_content(server: Server) -> Finding:
    """See that an https page asks an https API: browsers block anything else."""
    if server.origin is None:
        return unseen(NO_ORIGIN)
    if server.origin.startswith("https://") and not server.address.is_https:
        return wrong(
            f"the page is https and {server.address} is not: browsers block that as mixed content",
            "Get a certificate (deploy/certbot.md), and set API_URL to the https:// address.",
        )
    return well(f"a page of {server.origin} may ask {server.address.scheme}://")


def check_page(server: Server) -> Finding:
    """See that the page that is online was built for this API: its Content-Security-Policy names what it may ask."""
    if server.page is None:
        return unseen(NO_ORIGIN)
    hint = "PAGE_URL=https://you.github.io/repository/ (--page) says where it is"
    try:
        answer = server.network.ask(server.page)
    except (OSError, HTTPException) as error:
        return unseen(f"no page at {server.page}: {tell(error)}; {hint}")
    sources = _connect_sources(answer)
    if not sources:
        return unseen(f"no page of Pagesight at {server.page} ({answer.status}); {hint}")
    named = [source for source in sources if "://" in source]
    remedy = f"Set the repository's variable API_URL to {server.address} and run the workflow `Page` again."
    if server.address.origin in named or ("'self'" in sources and server.page.origin == server.address.origin):
        return well(f"the page at {server.page} asks this API")
    if server.page.is_https and any(source.startswith("http://") for source in named):
        return wrong(f"the page asks {', '.join(named)} over http, which browsers block on an https page", remedy)
    asked = ", ".join(named) or "its own address, where no API is"
    return wrong(f"the page at {server.page} asks {asked}, not {server.address.origin}", remedy)


def check_cors_get(server: Server) -> Finding:
    """See that the page may read a GET."""
    if server.origin is None:
        return unseen(NO_ORIGIN)
    return _judge(server.origin, server.ask_as_page("/status_check"), "GET /status_check")


def check_cors_post(server: Server) -> Finding:
    """See that the page may read a POST, which browsers send without asking first."""
    if server.origin is None:
        return unseen(NO_ORIGIN)
    body, headers = encode_form(None)
    return _judge(server.origin, server.ask_as_page("/", "POST", headers=headers, body=body), "POST /")


def check_foreign_origin(server: Server) -> Finding:
    """See that pages of other sites are refused."""
    answer = server.ask("/status_check", headers={"Origin": FOREIGN})
    if answer.status == 403:
        return well("pages of other sites are refused")
    allowed = answer.headers.get(ALLOW, "")
    remedy = f"PAGESIGHT_ALLOWED_ORIGINS={server.origin or 'https://you.github.io'} on the server, without *."
    if allowed in ("*", FOREIGN):
        return warning(f"every site on the internet may use this server ({ALLOW}: {allowed})", remedy)
    return wrong(f"a page of another site is answered with {answer.status} instead of 403", remedy)


def objection(answer: Answer, origin: str) -> str:
    """Return why a browser would not let a page of `origin` read this answer; empty if it would."""
    given = answer.headers.get_all(ALLOW) or []
    if not given:
        return f"{ALLOW} is missing"
    if len(given) > 1 or "," in given[0]:
        return f"{ALLOW} comes more than once ({', '.join(given)})"
    return "" if given[0] in ("*", origin) else f"{ALLOW} is {given[0]}, not {origin}"


def _judge(origin: str, answer: Answer, what: str) -> Finding:
    if answer.status == 403:
        return wrong(
            f"{what}: the server refuses pages of {origin}",
            f"On the server: PAGESIGHT_ALLOWED_ORIGINS={origin} in its environment, then restart it.",
        )
    why_not = objection(answer, origin)
    if "more than once" in why_not:
        return wrong(f"{what}: {why_not}", "The API sends this header itself: take the add_header out of nginx.")
    if why_not:
        return wrong(f"{what}: {why_not}, so the page cannot read the answer", "The API alone must send this header.")
    return well(f"{what}: a page of {origin} may read the answer")


def _connect_sources(answer: Answer) -> list[str]:
    """Return what the page's policy lets it ask, as in site/build/security-policy.js; empty if it has none."""
    finder = _PolicyFinder()
    finder.feed(answer.body.decode("utf-8", "replace"))
    for directive in finder.policy.split(";"):
        name, *sources = directive.split() or [""]
        if name == "connect-src":
            return sources
    return []


class _PolicyFinder(HTMLParser):
    policy = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "meta" and (values.get("http-equiv") or "").lower() == "content-security-policy":
            self.policy = values.get("content") or ""
