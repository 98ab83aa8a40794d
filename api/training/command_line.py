"""What somebody types to get something made."""

import shlex


def command_line(target: str, **variables: str) -> str:
    """Return a call of make; what the shell and make itself would take for theirs is quoted.

    Variables that are empty are left out.
    """
    given = (f"{name}={shlex.quote(value).replace('$', '$$')}" for name, value in variables.items() if value)
    return " ".join(["make", target, *given])
