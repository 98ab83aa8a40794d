"""What the doctor sends: a multipart form (RFC 7578) and a small picture (PNG), made here."""

import struct
import zlib

BOUNDARY = "pagesight-doctor"


def encode_form(image: bytes | None) -> tuple[bytes, dict[str, str]]:
    """Return the body of a form, with an image file or empty, and its header."""
    parts = b""
    if image is not None:
        disposition = 'Content-Disposition: form-data; name="file"; filename="doctor.png"'
        parts = f"--{BOUNDARY}\r\n{disposition}\r\nContent-Type: application/octet-stream\r\n\r\n".encode()
        parts += image + b"\r\n"
    body = parts + f"--{BOUNDARY}--\r\n".encode()
    return body, {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def draw_png(width: int, height: int) -> bytes:
    """Return a picture of two colour ramps."""
    rows = (
        b"\0" + bytes(value for x in range(width) for value in (x * 255 // width, y * 255 // height, 128))
        for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)  # 8 bits of each of red, green and blue
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
