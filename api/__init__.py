"""The Pagesight API: HTTP around the detector in `api.detection`. Importing it has no side effects."""
