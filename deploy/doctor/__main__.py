"""`python3 -m deploy.doctor URL [ORIGIN]`: look at a server from outside and say what is wrong and what to do."""

import io
import os
import sys
from collections.abc import Sequence

from deploy.doctor.arguments import read_arguments
from deploy.doctor.diagnosis import diagnose
from deploy.doctor.report import exit_status, format_json, format_line, format_summary


def main(arguments: Sequence[str]) -> int:
    """Look, report, and return the exit status."""
    order = read_arguments(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # not every terminal has a tick
    coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    results = []
    for result in diagnose(order.server):
        results.append(result)
        if not order.as_json:
            sys.stdout.write(format_line(result, coloured=coloured))
            sys.stdout.flush()
    status = exit_status(results, strict=order.strict)
    sys.stdout.write(format_json(order.server, results, status) + "\n" if order.as_json else format_summary(results))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
