"""The requests and what must become of them, directly at gunicorn and through nginx.

Sources: RFC 9110 and 9112, and what request smuggling is made of: two readers of one stream that disagree on where a
request ends (CWE-444). Where nginx is the more lenient one (a bare LF ends a line, a header that makes no sense is left
out) it writes the request anew before gunicorn sees it.
"""

from dataclasses import dataclass

from harness.raw_http.exchange import HOST, HTTP_09

BOUNDARY = "frontier"
FORM = f"Content-Type: multipart/form-data; boundary={BOUNDARY}"
CHUNKED = "Transfer-Encoding: chunked"
LAST_CHUNK = "0\r\n\r\n"
FILE = 'Content-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\nno picture'
# What one reader would find inside the request, and answer.
SMUGGLED = f"GET /status_check HTTP/1.1\r\nHost: {HOST}\r\nX-Request-ID: smuggled\r\n\r\n"
ITS_LENGTH = f"Content-Length: {len(SMUGGLED)}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The status of the one answer, if there is any, and whether the connection then serves the next request."""

    status: int | None
    lives: bool = False

    def __str__(self) -> str:
        return f"{self.status or 'no answer'}, then {'the next request' if self.lives else 'closed'}"


@dataclass(frozen=True, slots=True)
class Case:
    """A request and its outcomes."""

    name: str
    request: bytes
    direct: Outcome
    nginx: Outcome


def closed(status: int) -> Outcome:
    """Answered, and the connection is not used any more: what comes behind cannot be told apart."""
    return Outcome(status)


def open_(status: int) -> Outcome:
    """Answered, with an error of the API's own perhaps; where the request ends was clear."""
    return Outcome(status, lives=True)


def case(name: str, request: str | bytes, direct: Outcome, nginx: Outcome | None = None) -> Case:
    """Make a case; where there is one outcome, it is that of both ways."""
    return Case(name, request.encode("latin-1") if isinstance(request, str) else request, direct, nginx or direct)


def get(target: str = "/readyz", *headers: str, method: str = "GET", version: str = "HTTP/1.1") -> str:
    """Return a request without a body."""
    return "\r\n".join([f"{method} {target} {version}", f"Host: {HOST}", *headers, "", ""])


def post(body: str, *headers: str, target: str = "/", version: str = "HTTP/1.1") -> str:
    """Return a form; how long it is, `headers` say, truly or not."""
    return get(target, FORM, *headers, method="POST", version=version) + body


def sized(body: str, *headers: str, target: str = "/") -> str:
    """Return a form with its true length."""
    return post(body, f"Content-Length: {len(body)}", *headers, target=target)


def form(*parts: str, end: str = f"--{BOUNDARY}--\r\n") -> str:
    """Return a multipart body; a part is its header, an empty line and its content."""
    return "".join(f"--{BOUNDARY}\r\n{part}\r\n" for part in parts) + end


def named(host: str) -> str:
    """Return a request for a host, as it is written."""
    return f"GET /readyz HTTP/1.1\r\nHost:{host}\r\n\r\n"


LENGTHS = [
    case("two lengths", post(SMUGGLED, "Content-Length: 0", ITS_LENGTH), closed(400)),
    case("two equal lengths", post("abc", "Content-Length: 3", "Content-Length: 3"), closed(400)),
    case("two lengths in one header", post("abc", "Content-Length: 3, 3"), closed(400)),
    case("a negative length", post("", "Content-Length: -1"), closed(400)),
    case("a length with a sign", post("abc", "Content-Length: +3"), closed(400)),
    case("a hexadecimal length", post("abc", "Content-Length: 0x3"), closed(400)),
    case("a length in words", post("abc", "Content-Length: three"), closed(400)),
    case("an empty length", post("", "Content-Length: "), closed(400)),
    case("a length with a point", post("abc", "Content-Length: 3.0"), closed(400)),
    case("a length with a space in it", post("abc", "Content-Length: 3 3"), closed(400)),
    case("a length with an underscore", post("abc", "Content-Length: 1_0"), closed(400)),
    case("a length in a digit that is not ASCII", post("abc", "Content-Length: \xb3"), closed(400)),
    case("a length beyond all numbers", post("", "Content-Length: " + "9" * 30), closed(413), closed(400)),
    case("a length of 10 GB", post("", "Content-Length: 10000000000"), closed(413)),
    case("a length before a space", post("abc", "Content-Length : 3"), closed(400)),
    case("CL.0: a request in the body of a GET", get("/readyz", ITS_LENGTH) + SMUGGLED, open_(200)),
    case("CL.0: a request in the body of a HEAD", get("/", ITS_LENGTH, method="HEAD") + SMUGGLED, open_(200)),
    case("CL.0: a request in a body for nobody", sized(SMUGGLED, target="/nothing-here"), open_(404)),
    case("CL.0: a request in a body where none is read", sized(SMUGGLED, target="/status_check"), open_(405)),
]

TRANSFER_CODINGS = [
    case("CL.TE", post(LAST_CHUNK + SMUGGLED, f"Content-Length: {5 + len(SMUGGLED)}", CHUNKED), closed(400)),
    case("TE.CL", post(f"{len(SMUGGLED):x}\r\n{SMUGGLED}\r\n{LAST_CHUNK}", CHUNKED, "Content-Length: 4"), closed(400)),
    case(
        "TE.TE, one of them unknown",
        post(LAST_CHUNK + SMUGGLED, CHUNKED, "Transfer-Encoding: cow"),
        closed(501),
        closed(400),
    ),
    case("TE.TE, chunked twice", post(LAST_CHUNK + SMUGGLED, CHUNKED, CHUNKED), closed(400)),
    case(
        "chunked twice in one header",
        post(LAST_CHUNK, "Transfer-Encoding: chunked, chunked"),
        closed(400),
        closed(501),
    ),
    case("an unknown coding", post("abc", "Transfer-Encoding: cow"), closed(501)),
    case("a coding like chunked", post(LAST_CHUNK, "Transfer-Encoding: xchunked"), closed(501)),
    case("chunked, identity", post(LAST_CHUNK, "Transfer-Encoding: chunked, identity"), closed(400), closed(501)),
    case("identity", post("abc", "Transfer-Encoding: identity"), closed(400), closed(501)),
    case("gzip", post("abc", "Transfer-Encoding: gzip"), closed(400), closed(501)),
    case("an empty coding", post(LAST_CHUNK, "Transfer-Encoding: "), closed(501)),
    case("chunked and a tab", post(LAST_CHUNK, "Transfer-Encoding: \x0bchunked"), closed(400), closed(501)),
    case("chunked in quotes", post(LAST_CHUNK, 'Transfer-Encoding: "chunked"'), closed(501)),
    case("chunked in HTTP/1.0", post(LAST_CHUNK + SMUGGLED, CHUNKED, version="HTTP/1.0"), closed(400)),
    case("a coding before a space", post(LAST_CHUNK, "Transfer-Encoding : chunked"), closed(400)),
    case("a coding in a folded line", post(LAST_CHUNK, "Transfer-Encoding:\r\n chunked"), closed(400)),
    case("a coding with an underscore", post("", "Content-Length: 0", "Transfer_Encoding: chunked"), open_(400)),
    case("chunked in capitals", post(LAST_CHUNK, "Transfer-Encoding: CHUNKED"), open_(400)),
]

CHUNKS = [
    case("a size in words", post("zz\r\nabc\r\n0\r\n\r\n", CHUNKED), closed(400)),
    case("a negative size", post("-1\r\nabc\r\n0\r\n\r\n", CHUNKED), closed(400)),
    case("a size with a sign", post("+3\r\nabc\r\n0\r\n\r\n", CHUNKED), closed(400)),
    case("a size with 0x", post("0x3\r\nabc\r\n0\r\n\r\n", CHUNKED), closed(400)),
    case("an empty size", post("\r\nabc\r\n0\r\n\r\n", CHUNKED), closed(400)),
    case("a size beyond all numbers", post("f" * 17 + "\r\nabc\r\n0\r\n\r\n", CHUNKED), closed(400)),
    case("a size that is too small", post("2\r\nabc\r\n0\r\n\r\n", CHUNKED), closed(400)),
    case("a bare LF after a size", post("3\nabc\r\n0\r\n\r\n", CHUNKED), closed(400), open_(400)),
    case("a bare LF after a chunk", post("3\r\nabc\n0\r\n\r\n", CHUNKED), closed(400), open_(400)),
    case("an extension", post('3;a=b;c="d"\r\nabc\r\n0\r\n\r\n', CHUNKED), open_(400)),
    case("an extension with a bare CR", post("3;a\rb\r\nabc\r\n0\r\n\r\n", CHUNKED), closed(400)),
    case("an extension with a bare LF", post("3;a\nabc\r\n0\r\n\r\n", CHUNKED), closed(400), open_(400)),
    case("an extension of 20 kB", post(f"3;{'a' * 20_000}\r\nabc\r\n0\r\n\r\n", CHUNKED), closed(400), open_(400)),
    case("a trailer", post("0\r\nA: b\r\n\r\n", CHUNKED), open_(400)),
    case("a length as a trailer", post("0\r\nContent-Length: 5\r\n\r\n", CHUNKED), closed(400), open_(400)),
    case(
        "a size in words, where no body is read",
        get("/status_check", CHUNKED, method="POST") + "zz\r\nabc\r\n0\r\n\r\n",
        closed(405),
        closed(400),
    ),
    case(
        "words as a trailer, where no body is read",
        get("/readyz", CHUNKED) + "3\r\nabc\r\n0\r\nwords\r\n\r\n",
        closed(200),
        open_(200),
    ),
    case("words as a trailer", post("0\r\nwords\r\n\r\n", CHUNKED), closed(400), open_(400)),
]

REQUEST_LINES = [
    case("no request", "words\r\n\r\n", closed(400)),
    case("HTTP/0.9", "GET /readyz\r\n\r\n", closed(400), closed(HTTP_09)),
    case("an empty version", f"GET /readyz \r\nHost: {HOST}\r\n\r\n", closed(505), closed(HTTP_09)),
    case("HTTP/2.0 in words", get(version="HTTP/2.0"), closed(505)),
    case("HTTP/1.2", get(version="HTTP/1.2"), closed(505), open_(200)),
    case("a version in small letters", get(version="http/1.1"), closed(505), closed(400)),
    case("a version with a space", get(version="HTTP/1. 1"), closed(505), closed(400)),
    case("two spaces", f"GET  /readyz HTTP/1.1\r\nHost: {HOST}\r\n\r\n", closed(400), open_(200)),
    case("tabs for spaces", f"GET\t/readyz\tHTTP/1.1\r\nHost: {HOST}\r\n\r\n", closed(400)),
    case("a space before the method", f" GET /readyz HTTP/1.1\r\nHost: {HOST}\r\n\r\n", closed(400)),
    case("a space in the path", get("/ready z"), closed(505), closed(400)),
    case("a NUL in the path", get("/ready\0z"), closed(400)),
    case("a CR in the path", get("/ready\rz"), closed(400)),
    case("a byte over 127 in the path", get("/r\xe4dyz"), closed(400), open_(400)),
    case("a bare LF", f"GET /readyz HTTP/1.1\nHost: {HOST}\r\n\r\n", closed(400), open_(200)),
    case("a path of 100 kB", get("/" + "a" * 100_000), closed(414)),
    case("a query of 7 kB", get("/readyz?" + "a" * 7_000), closed(414), open_(414)),
    case("an absolute address", get(f"http://{HOST}/readyz"), open_(200)),
    case("the absolute address of another server", get("http://evil.example/readyz"), open_(200), open_(421)),
    case("a path out of the root", get("/../../etc/passwd"), open_(404), closed(400)),
    case("the same in percent signs", get("/%2e%2e/%2e%2e/etc/passwd"), open_(404), closed(400)),
    case("a broken percent sign", get("/%zz"), open_(404), closed(400)),
    case("a NUL in percent signs", get("/%00"), open_(404), closed(400)),
    case("a fragment", get("/readyz#part"), open_(200)),
    case("an asterisk", get("*"), closed(400)),
    case("TLS where plain HTTP is spoken", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(60), closed(400)),
    case("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", closed(400)),
    case("a line of the PROXY protocol", f"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n{get()}", closed(400)),
    case("an empty line first", f"\r\n{get()}", open_(200)),
]

METHODS = [
    case("TRACE", get(method="TRACE"), open_(405), closed(405)),
    case("CONNECT", get("example.com:443", method="CONNECT"), closed(404), closed(400)),
    case("TRACK", get(method="TRACK"), open_(405)),
    case("a method of 100 letters", get(method="A" * 100), closed(400), open_(400)),
    case("a method in small letters", get(method="get"), closed(400)),
    case("a method with brackets", get(method="G(E)T"), closed(400)),
    case("PUT", get("/", method="PUT"), open_(405)),
    case("HEAD", get(method="HEAD"), open_(200)),
    case("OPTIONS *", get("*", method="OPTIONS"), open_(404), closed(400)),
    case("a method to put in place of this one", get("/readyz", "X-HTTP-Method-Override: DELETE"), open_(200)),
]

HEADERS = [
    case("a folded header", get("/readyz", "A: b\r\n c"), closed(400)),
    case("a folded first header", f"GET /readyz HTTP/1.1\r\n Host: {HOST}\r\n\r\n", closed(400)),
    case("a header without a colon", get("/readyz", "words"), closed(400), open_(200)),
    case("a header without a name", get("/readyz", ": words"), closed(400)),
    case("a space before the colon", get("/readyz", "A : b"), closed(400)),
    case("a NUL in a header", get("/readyz", "A: b\0c"), closed(400)),
    case("a NUL in a header's name", get("/readyz", "A\0: b"), closed(400)),
    case("a bare CR in a header", get("/readyz", "A: b\rC: d"), closed(400)),
    case("a bare LF after a header", f"GET /readyz HTTP/1.1\r\nHost: {HOST}\nA: b\r\n\r\n", closed(400), open_(200)),
    case("brackets in a header's name", get("/readyz", "A(b): c"), closed(400), open_(200)),
    case("an underscore in a header's name", get("/readyz", "X_Forwarded_For: 1.2.3.4"), open_(200)),
    case("a byte over 127 in a header's name", get("/readyz", "\xe4: b"), closed(400), open_(200)),
    case("a header of 40 kB", get("/readyz", "A: " + "b" * 40_000), closed(431)),
    case("200 headers", get("/readyz", *(f"A{number}: b" for number in range(200))), closed(431), open_(431)),
    case("5,000 headers", get("/readyz", *(f"A{number}: b" for number in range(5_000))), closed(431)),
    case("control characters", get("/readyz", "A: \x01\x02\x7f"), closed(400), open_(400)),
]

HOSTS = [
    case("no Host", "GET /readyz HTTP/1.1\r\n\r\n", closed(400)),
    case("no Host in HTTP/1.0", "GET /readyz HTTP/1.0\r\n\r\n", closed(200), closed(421)),
    case("two Hosts", get("/readyz", "Host: evil.example"), closed(400)),
    case("two equal Hosts", get("/readyz", f"Host: {HOST}"), closed(400)),
    case("another Host", named(" evil.example"), open_(200), open_(421)),
    case("an empty Host", named(""), open_(200), closed(400)),
    case("a Host with a path", named(" a/b"), open_(200), closed(400)),
    case("a Host with a user", named(f" a@{HOST}"), open_(200), open_(421)),
    case("a Host with a NUL", named(" a\0b"), closed(400)),
]

BODIES = [
    case("no boundary", get("/", "Content-Type: multipart/form-data", method="POST"), open_(400)),
    case("a boundary of 7 kB", get("/", FORM + "b" * 7_000, method="POST"), open_(400)),
    case("an empty form", sized(""), open_(400)),
    case("only the last boundary", sized(form()), open_(400)),
    case("a part without an end", sized(form(FILE, end="")), open_(400)),
    case("another boundary than announced", sized(form(FILE).replace(BOUNDARY, "other")), open_(400)),
    case("a part without a name", sized(form("Content-Disposition: form-data\r\n\r\nx")), open_(400)),
    case("a part without a header", sized(form("\r\nx")), open_(400)),
    case("a part with a broken header", sized(form("words\r\n\r\nx")), open_(400)),
    case("a part with a header of 100 kB", sized(form(f"A: {'b' * 100_000}\r\n\r\nx")), open_(400)),
    case("a file under another name", sized(form(FILE.replace('"file"', '"other"'))), open_(400)),
    case("two files", sized(form(FILE, FILE)), open_(400)),
    case("1,000 files", sized(form(*[FILE] * 1_000)), open_(413)),
    case("a file that is no picture", sized(form(FILE)), open_(415)),
    case("a file that says it is base64", sized(form(f"Content-Transfer-Encoding: base64\r\n{FILE}")), open_(415)),
    case("a form within the form", sized(form(f"Content-Type: multipart/mixed; boundary=x\r\n{FILE}")), open_(415)),
    case("a file in UTF-7", sized(form(f"Content-Type: text/plain; charset=utf-7\r\n{FILE}")), open_(415)),
    case("a name with a NUL", sized(form(FILE.replace("a.jpg", "a\0.jpg"))), open_(415)),
    case("a compressed body", sized(form(FILE), "Content-Encoding: gzip"), open_(415)),
    case("JSON", get("/", "Content-Type: application/json", "Content-Length: 2", method="POST") + "{}", open_(400)),
    case("a request as a file", sized(form(FILE.replace("no picture", SMUGGLED))), open_(415)),
]

CONNECTIONS = [
    case("HTTP/1.0", get(version="HTTP/1.0"), closed(200)),
    case("Connection: close", get("/readyz", "Connection: close"), closed(200)),
    case("headers named in Connection", get("/readyz", "Connection: X-Request-ID, Host"), open_(200)),
    case("an upgrade to HTTP/2", get("/readyz", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c"), open_(200)),
    case(
        "an upgrade to WebSocket",
        get("/readyz", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"),
        open_(400),
        open_(200),
    ),
    case("a body that waits to be asked for", sized(form(FILE), "Expect: 100-continue"), open_(415)),
    case("another expectation", get("/readyz", "Expect: a-miracle"), closed(417), open_(200)),
    case(
        "an expectation and a request in the body",
        get("/readyz", ITS_LENGTH, "Expect: 100-continue") + SMUGGLED,
        open_(200),
    ),
]

CASES = [*LENGTHS, *TRANSFER_CODINGS, *CHUNKS, *REQUEST_LINES, *METHODS, *HEADERS, *HOSTS, *BODIES, *CONNECTIONS]
