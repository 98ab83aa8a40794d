"""The API itself: whether it answers, is ready, detects, and says no in words that a page can read."""

import email.utils
from typing import Any

from deploy.doctor.cors import objection
from deploy.doctor.finding import Finding, unseen, warning, well, wrong
from deploy.doctor.form import draw_png, encode_form
from deploy.doctor.network import PROBLEM, Answer
from deploy.doctor.server import KEY_NEEDED, Server

WIDTH, HEIGHT = 640, 480
SLOW_S = 5.0
SKEW_S = 60.0
PHOTOGRAPH_BYTES = 6_000_000  # the most that a phone sends if the page cannot make it smaller
TOO_MANY_BYTES = 1_000_000_000_000
GATEWAY = (502, 504)
NO_PROOF = (
    "the server asks for a proof of work, which the doctor does not do (PAGESIGHT_CHALLENGE): ask again in a minute"
)
NO_PAGE = "programs need a key here, and pages need none: give ORIGIN, the site of your page"
LOG = "journalctl -u pagesight -n 30 on the server says why."
ERROR_PAGES = "deploy/nginx/ shows how nginx answers its own errors with problem+json."


def check_api(server: Server) -> Finding:
    """See that this API answers at the address."""
    answer = server.status
    members = answer.members
    if answer.status in GATEWAY:
        return wrong(
            f"nginx answers {answer.status}: it runs, the API behind it does not",
            f"sudo systemctl status pagesight; {LOG}",
        )
    if answer.status != 200 or members.get("message") != "GET request received":
        return wrong(
            f"{server.address}/status_check answers {answer.status} {answer.content_type}: this is another server",
            "Does DNS lead to your server, and does nginx pass this name on to the API?",
        )
    return well(f"{members.get('status')}, {members.get('model')}, up for {members.get('uptime_s')} s")


def check_ready(server: Server) -> Finding:
    """See that the model is loaded."""
    answer = server.ask("/readyz")
    if answer.status == 200:
        return well("the model is loaded")
    reason = answer.members.get("detail") or f"/readyz answers {answer.status}"
    return wrong(str(reason), f"On the server, `make check-model MODEL=name` says more; {LOG}")


def check_threads(server: Server) -> Finding:
    """Say how the network is run, for a person to compare with the instance."""
    threads, precision = server.status.members.get("threads"), server.status.members.get("precision")
    if not threads or not precision:
        return unseen("the server does not tell how it runs its network")
    return well(f"{threads} threads, {precision}")


def check_clock(server: Server) -> Finding:
    """See that the server's clock and this computer's agree."""
    try:
        told = email.utils.parsedate_to_datetime(server.status.headers.get("Date", "")).timestamp()
    except ValueError:
        return unseen("the server sends no date")
    skew_s = told - server.status.at
    if abs(skew_s) > SKEW_S:
        direction = "ahead of" if skew_s > 0 else "behind"
        return warning(
            f"the server's clock is {abs(skew_s):.0f} s {direction} this computer's",
            "See which is wrong: `timedatectl` says whether a clock is synchronised. Certificates depend on it.",
        )
    return well("the clocks agree")


def check_errors(server: Server) -> Finding:
    """See that an error comes as problem+json that the page may read."""
    return _judge_problem(server, server.ask_as_page("/nothing-is-here"), 404, "an unknown address")


def check_photograph_fits(server: Server) -> Finding:
    """See that a body as large as a photograph reaches the API, which then says that it is not an image."""
    body, headers = encode_form(b"x" * PHOTOGRAPH_BYTES)
    answer = server.send_file("/", headers, body)
    if unknown := _unknown(answer):
        return unknown
    size = f"{PHOTOGRAPH_BYTES / 1e6:.0f} MB"
    if answer.status == 413:
        by_api = answer.content_type == PROBLEM
        return wrong(
            f"a photograph of {size} is too large for this server (413)",
            "client_max_body_size 11m; in nginx." + (" And PAGESIGHT_MAX_UPLOAD_MB=10." if by_api else ""),
        )
    if answer.status != 415:
        return wrong(f"{size} that are no image are answered with {answer.status} instead of 415", LOG)
    return well(f"a photograph of {size} gets through")


def check_body_limit(server: Server) -> Finding:
    """See that an oversized body is refused at once, in words that the page may read."""
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": str(TOO_MANY_BYTES)}
    try:
        answer = server.ask_as_page("/", "POST", headers=headers)
    except TimeoutError:
        return wrong("a body of 1 TB is not refused, but waited for", "client_max_body_size 11m; in nginx.")
    return _judge_problem(server, answer, 413, "a body of 1 TB")


def check_detection(server: Server) -> Finding:
    """See that a picture gets the answer that the page expects, in good time."""
    body, headers = encode_form(draw_png(WIDTH, HEIGHT))
    answer = server.send_file("/", headers, body)
    if unknown := _unknown(answer):
        return unknown
    if answer.status != 200:
        return wrong(f"a picture is answered with {answer.status}: {answer.members.get('detail', 'no reason')}", LOG)
    if not _is_sane(answer.members):
        return wrong(
            "the answer to a picture is not what the page expects", "Is the API of the same version as the page?"
        )
    if answer.seconds > SLOW_S:
        return warning(
            f"a detection takes {answer.seconds:.1f} s",
            "A smaller model, PAGESIGHT_INPUT_SIZE=320 or a faster instance: docs/performance.md.",
        )
    return well(f"a picture is looked at in {answer.seconds:.1f} s")


def _unknown(answer: Answer) -> Finding | None:
    """Return why the server let nothing be seen; None if it did."""
    if answer.status == KEY_NEEDED:
        return unseen(NO_PAGE)
    return unseen(NO_PROOF) if "challenge" in answer.members else None


def _judge_problem(server: Server, answer: Answer, status: int, what: str) -> Finding:
    if answer.status != status:
        return wrong(f"{what} is answered with {answer.status} instead of {status}", LOG)
    if answer.content_type != PROBLEM:
        return wrong(f"{what} is answered with {status} as {answer.content_type}, not as {PROBLEM}", ERROR_PAGES)
    why_not = objection(answer, server.origin) if server.origin else ""
    if why_not:
        return wrong(f"{what} is answered with {status}, but the page cannot read it: {why_not}", ERROR_PAGES)
    return well(f"{what} is answered with {status} in words that the page can read")


def _is_sane(answer: dict[str, Any]) -> bool:
    detections = answer.get("detections")
    return (
        (answer.get("width"), answer.get("height")) == (WIDTH, HEIGHT)
        and str(answer.get("image")).startswith("data:image/jpeg;base64,")
        and isinstance(detections, list)
        and all(_is_sane_detection(one) for one in detections)
    )


def _is_sane_detection(found: dict[str, Any]) -> bool:
    try:
        box = found["box"]
        inside = 0 <= box["x1"] <= box["x2"] <= WIDTH and 0 <= box["y1"] <= box["y2"] <= HEIGHT
        return bool(inside and 0 <= found["confidence"] <= 1 and isinstance(found["label"], str))
    except (KeyError, TypeError):
        return False
