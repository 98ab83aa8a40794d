"""A plain host of static files, such as GitHub Pages: the built page in a folder, and other versions in its place."""

import base64
import hashlib
import http.server
import json
import re
import shutil
import threading
from pathlib import Path
from typing import Any

from harness.gunicorn_server import PROJECT

FOLDER = "/repository/"
HASHED = re.compile(r"(?P<name>[\w.-]+)-(?P<hash>[\w-]{8})\.(?P<ending>js|css)")


class StaticHost:
    """Serves the built page at FOLDER. `url` stays the same when it goes away and comes back."""

    def __init__(self, root: Path) -> None:
        self.asked: list[str] = []  # the paths, in their order
        self.slow: set[str] = set()  # those that wait for `hurry`
        self._hurried = threading.Event()
        self.page = root / FOLDER.strip("/")
        self._root = root
        self._port = 0
        twins = ("html", "js", "css", "svg", "json", "webmanifest")
        ignored = shutil.ignore_patterns(*(f"*.{ending}.gz" for ending in twins))
        shutil.copytree(PROJECT / "site" / "dist", self.page, ignore=ignored)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}{FOLDER}"

    def start(self) -> None:
        root, asked, slow, hurried = self._root, self.asked, self.slow, self._hurried

        class Handler(http.server.SimpleHTTPRequestHandler):
            def __init__(self, *arguments: Any) -> None:
                super().__init__(*arguments, directory=str(root))

            def log_message(self, *_: object) -> None:
                pass

            def end_headers(self) -> None:
                self.send_header("Cache-Control", "no-store")  # what it has no more, the browser has no more
                super().end_headers()

            def do_GET(self) -> None:
                path = self.path.removeprefix(FOLDER)
                asked.append(path)
                if path in slow:
                    hurried.wait()
                super().do_GET()

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", self._port), Handler)
        self._port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def stop(self) -> None:
        """Go away: from here on the port refuses connections."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def hurry(self) -> None:
        """Send what was slow."""
        self.slow.clear()
        self._hurried.set()

    def version(self) -> dict[str, Any]:
        """Return what the host says of the version that it has."""
        return dict(json.loads((self.page / "version.json").read_text()))

    def tell(self, **facts: Any) -> None:
        """Say something else of the version."""
        (self.page / "version.json").write_text(json.dumps(self.version() | facts))

    def publish(self, name: str) -> None:
        """Put another version in the place of this one, no script or style of which has the name that it had."""
        renamed = {path.name: HASHED.sub(_next_name, path.name) for path in (self.page / "assets").iterdir()}
        for old, new in renamed.items():
            (self.page / "assets" / old).rename(self.page / "assets" / new)
        texts = [self.page / "index.html", self.page / "version.json", *self.page.glob("assets/*.js")]
        for path in texts:
            path.write_text(
                re.sub("|".join(map(re.escape, renamed)), lambda found: renamed[found[0]], path.read_text())
            )
        index = self.page / "index.html"
        index.write_text(index.read_text().replace("<head>", f'<head><meta name="version" content="{name}">'))
        digest = base64.b64encode(hashlib.sha256(index.read_bytes()).digest()).decode()
        self.tell(version=name, page=f"sha256-{digest}")


def _next_name(found: re.Match[str]) -> str:
    return f"{found['name']}-{found['hash'][::-1]}.{found['ending']}"
