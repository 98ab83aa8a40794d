"""Programs for the owner, run by the Makefile."""
