"""What the browser complains about while a test has a page open; whatever the test has not announced fails it."""

import re

from playwright.sync_api import ConsoleMessage, Page, Request

# A server that ends meanwhile has refused a connection, broken one, or left one that the browser kept.
SERVER_GONE = r"net::ERR_(CONNECTION_(REFUSED|RESET|CLOSED)|SOCKET_NOT_CONNECTED|EMPTY_RESPONSE)"
# Playwright says so where the browser is not to keep the page.
NOT_KEPT = "Service Worker registration blocked by Playwright"


class Complaints:
    """Errors on the console, exceptions that nobody caught, requests that failed."""

    def __init__(self) -> None:
        self._seen: list[str] = []
        self._expected: list[str] = [NOT_KEPT]

    def watch(self, page: Page) -> None:
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self._seen.append(f"exception: {error}"))
        page.on("requestfailed", self._on_failed_request)

    def expect(self, *patterns: str) -> None:
        """Announce complaints by regular expressions. They may come any number of times."""
        self._expected.extend(patterns)

    def unexpected(self) -> list[str]:
        return [line for line in self._seen if not any(re.search(pattern, line) for pattern in self._expected)]

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._seen.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _on_failed_request(self, request: Request) -> None:
        if request.method == "GET" and request.failure == "net::ERR_ABORTED":
            return  # the page was left or closed while it loaded a part that it may never need, or asked for its light
        self._seen.append(f"request: {request.method} {request.url[:120]} {request.failure}")
