"""The Pagesight API. docs/architecture.md shows its rooms. Importing a module has no side effects."""
