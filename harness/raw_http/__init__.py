"""Requests as bytes, most of them malformed, each with what must become of it directly and through nginx."""
