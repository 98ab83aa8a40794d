"""The built page, if this server serves it: files of one folder, GET only, ahead of the routes."""

from pathlib import Path

from flask import Flask, Response, request, send_from_directory
from werkzeug.security import safe_join

YEAR_S = 31_536_000


def install_page(app: Flask, site_dir: Path) -> None:
    """Serve the files of `site_dir`, `index.html` for `/`; anything else is left to the routes."""
    site_dir = site_dir.resolve()

    def serve_file() -> Response | None:
        if request.method not in ("GET", "HEAD"):
            return None
        name = request.path.lstrip("/") or "index.html"
        path = safe_join(str(site_dir), name)
        if path is None or not _is_file(path):
            return None
        response = send_from_directory(site_dir, name)
        # Vite puts a hash of the content into the names under assets/, so these never change.
        hashed = name.startswith("assets/")
        response.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable" if hashed else "no-cache"
        return response

    app.before_request(serve_file)


def _is_file(path: str) -> bool:
    """Return whether there is such a file; False for a name that no file can have."""
    try:
        return Path(path).is_file()
    except (OSError, ValueError):
        return False
