"""What a test needs of a browser, whatever the protocol that moves it."""

from pathlib import Path
from typing import Any, Protocol

Actions = list[dict[str, Any]]  # of WebDriver; both protocols write them alike


class Driver(Protocol):
    """One browser with one window. What it saves lands in `downloads`."""

    downloads: Path

    def resize(self, width: int, height: int) -> None:
        """Give the page this many CSS pixels."""

    def open(self, url: str) -> None:
        """Load a page, with all that it names."""

    def evaluate(self, expression: str) -> str:
        """Return what an expression of JavaScript comes to, awaited; a string."""

    def act(self, actions: Actions) -> None:
        """Move the pointer and press keys as a visitor does."""

    def choose(self, selector: str, *files: Path) -> None:
        """Choose files, as the picker gives them to the page."""

    def screenshot(self) -> bytes:
        """Return what is seen of the page, a PNG."""

    def complaints(self) -> list[str]:
        """Return the errors and warnings since the page was opened."""
