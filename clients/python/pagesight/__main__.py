"""`python -m pagesight`."""

from pagesight.command.main import run

run()
