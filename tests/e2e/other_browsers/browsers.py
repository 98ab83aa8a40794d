"""The other browsers that are here: Safari's engine and Firefox."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.other_browsers import firefox, webkit
from tests.e2e.other_browsers.driver import Driver

ENGINES = ("webkit", "firefox")


class NotInstalled(Exception):
    """There is no such browser; says which packages of Debian's would bring it."""


def find_firefox() -> str | None:
    # A snap sees none of the tests' folders.
    return next((name for name in firefox.NAMES if shutil.which(name) and not Path("/snap/bin", name).exists()), None)


@contextmanager
def running(engine: str, folder: Path) -> Iterator[Driver]:
    """Give a browser that keeps what it has in `folder`; it ends with the block. Raises NotInstalled."""
    if engine == "webkit":
        if not all(map(shutil.which, webkit.PROGRAMS)):
            raise NotInstalled(f"Safari's engine is not installed here (Debian: {webkit.PACKAGES})")
        with webkit.running_webkit(folder) as browser:
            yield browser
    else:
        program = find_firefox()
        if program is None:
            raise NotInstalled(f"Firefox is not installed here (Debian: {firefox.PACKAGES})")
        with firefox.running_firefox(program, folder) as browser:
            yield browser
