"""The version of Pagesight, as in `pyproject.toml` (a test compares them)."""

VERSION = "0.1.0"
