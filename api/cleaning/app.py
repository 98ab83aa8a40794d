"""The page's server: for one person on this machine, who has its address with the token in it.

Other sites that are open in the same browser can send requests to this machine, too, and may give it a name of theirs
(DNS rebinding). So a request must come to an address of this machine, with the token, and not from another site's page.
"""

import hmac
import logging
from collections.abc import Callable
from pathlib import Path
from threading import Semaphore

from flask import Blueprint, Flask, Response, request, send_from_directory
from werkzeug.exceptions import HTTPException

from api.cleaning.pictures import SIDES, make_picture
from api.errors import ApiError, BadRequest, ForeignRequest
from api.web.headers import SECURITY_HEADERS, choose_request_id
from api.web.problem import Problem, render

MOST_BYTES = 2_000_000  # of a body
DECODED_AT_ONCE = 2  # a photograph may take some hundred MB while it is decoded
HOSTS = ("127.0.0.1", "localhost")
HEADERS = {
    **SECURITY_HEADERS,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "frame-ancestors 'none'",  # the page has the rest of it in itself
}
KEPT_S = 3600  # how long the browser need not ask for a picture again

logger = logging.getLogger(__name__)


def create_cleaning_app(routes: Blueprint, read: Callable[[int], bytes], *, page: Path, token: str) -> Flask:
    """Return the WSGI application: `routes` below `/TOKEN/`, the built page and the photographs.

    `read` returns the bytes of a photograph by its number, and raises BadRequest and FolderChanged.
    """
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    app.url_map.merge_slashes = False
    app.before_request(lambda: _require_own_page(token))
    app.after_request(_complete_headers)
    app.register_error_handler(ApiError, lambda error: _answer(Problem.of(error)))
    app.register_error_handler(HTTPException, _answer_http_exception)
    app.register_error_handler(Exception, _answer_unexpected)
    app.register_blueprint(_page_routes(page), url_prefix=f"/{token}", name="page")
    app.register_blueprint(_picture_routes(read), url_prefix=f"/{token}", name="pictures")
    app.register_blueprint(routes, url_prefix=f"/{token}")
    return app


def read_body() -> dict[str, object]:
    """Return the JSON of the request. Raises BadRequest.

    A page of another site cannot send this media type without being asked first, and it is never allowed to.
    """
    body = request.get_json(silent=True) if request.mimetype == "application/json" else None
    if not isinstance(body, dict):
        raise BadRequest("Send an object as application/json.")
    return body


def read_numbers(value: object) -> list[int]:
    """Return the numbers of photographs in a body. Raises BadRequest."""
    if not isinstance(value, list) or not all(type(number) is int for number in value):
        raise BadRequest("Send the photographs as a list of their numbers.")
    return value


def _require_own_page(token: str) -> None:
    """Raise ForeignRequest."""
    port = request.environ["SERVER_PORT"]
    if request.host not in {f"{host}:{port}" for host in HOSTS} | (set(HOSTS) if port == "80" else set()):
        raise ForeignRequest("This server answers at its own address alone, the one that the program printed.")
    if not hmac.compare_digest(request.path.split("/")[1].encode(), token.encode()):
        raise ForeignRequest("Open the address that the program printed, with all that is in it.")
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site", "none")
    is_opened = request.method == "GET" and request.headers.get("Sec-Fetch-Mode") == "navigate"
    if origin not in (None, f"http://{request.host}") or (site not in ("same-origin", "none") and not is_opened):
        raise ForeignRequest("Pages of other sites may not use this server.")


def _page_routes(page: Path) -> Blueprint:
    routes = Blueprint("page", __name__)

    def send(name: str = "index.html") -> Response:
        return send_from_directory(page, name)

    routes.add_url_rule("/", "index", send)
    routes.add_url_rule("/<path:name>", "file", send)
    return routes


def _picture_routes(read: Callable[[int], bytes]) -> Blueprint:
    routes = Blueprint("pictures", __name__)
    room = Semaphore(DECODED_AT_ONCE)

    def send(number: int, size: str) -> Response:
        if size not in SIDES:
            raise BadRequest(f"A picture is {' or '.join(SIDES)}.")
        with room:
            jpeg = make_picture(read(number), size)
        return Response(jpeg, mimetype="image/jpeg", headers={"Cache-Control": f"private, max-age={KEPT_S}"})

    routes.add_url_rule("/photographs/<int:number>/<size>", "picture", send)
    return routes


def _complete_headers(response: Response) -> Response:
    response.headers.update(HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _answer(problem: Problem) -> Response:
    headers, body = render(problem, choose_request_id(""))
    return Response(body, problem.status, headers)


def _answer_http_exception(error: HTTPException) -> Response:
    kind = error.name.lower().replace(" ", "-")
    return _answer(Problem(status=error.code or 500, kind=kind, title=error.name, detail=error.description or ""))


def _answer_unexpected(_error: Exception) -> Response:
    logger.exception("a request failed")
    return _answer(Problem.of(ApiError("Something went wrong in this program; it says what in its window.")))
