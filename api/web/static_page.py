"""The built page, if this server serves it: files of one folder, GET only, ahead of the routes."""

import mimetypes
from collections.abc import Sequence
from pathlib import Path

from flask import Flask, Response, request, send_from_directory
from werkzeug.security import safe_join

HASHED = ("assets/", "device/")  # whose names have a hash of the content in them, so they never change
UNHASHED = "device/model.json"
YEAR_S = 31_536_000


def install_page(app: Flask, site_dir: Path, embedders: Sequence[str] = ()) -> None:
    """Serve the files of `site_dir`, `index.html` for `/`; anything else is left to the routes.

    A file that has a twin `NAME.gz` is sent compressed to whoever reads that. Pages of the origins `embedders` may
    show this one in a frame.
    """
    site_dir = site_dir.resolve()
    ancestors = " ".join(("frame-ancestors", "'self'", *embedders)) if embedders else ""

    def serve_file() -> Response | None:
        if request.method not in ("GET", "HEAD"):
            return None
        name = request.path.lstrip("/") or "index.html"
        path = safe_join(str(site_dir), name)
        if path is None or not _is_file(path):
            return None
        response = _send(site_dir, name, has_twin=_is_file(f"{path}.gz"))
        hashed = name.startswith(HASHED) and name != UNHASHED
        response.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable" if hashed else "no-cache"
        if ancestors:  # browsers then leave X-Frame-Options out of account: https://www.w3.org/TR/CSP3/
            response.headers["Content-Security-Policy"] = ancestors
        return response

    app.before_request(serve_file)


def _send(site_dir: Path, name: str, *, has_twin: bool) -> Response:
    """Send a file, compressed if it has a compressed twin and the client reads that."""
    if not (has_twin and request.accept_encodings["gzip"]):
        # A file that is asked for by its name `.gz` is unpacked by who asks, who also sees how much of it has come.
        kind = "application/gzip" if name.endswith(".gz") else None
        response = send_from_directory(site_dir, name, mimetype=kind)
    else:
        kind = mimetypes.guess_type(name)[0]
        response = send_from_directory(site_dir, f"{name}.gz", mimetype=kind)
        response.headers["Content-Encoding"] = "gzip"
    if has_twin:
        response.vary.add("Accept-Encoding")
    return response


def _is_file(path: str) -> bool:
    """Return whether there is such a file; False for a name that no file can have."""
    try:
        return Path(path).is_file()
    except (OSError, ValueError):
        return False
