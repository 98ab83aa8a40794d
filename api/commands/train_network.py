"""The name of the network with which `make train` begins, so that its weights are fetched before."""

import sys
from pathlib import Path

from api.training.defaults import choose_network
from api.training.errors import DataError


def main(arguments: list[str]) -> int:
    """Print it; returns the exit status."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m api.commands.train_network FOLDER\n")
        return 2
    try:
        network = choose_network(Path(arguments[0]))
    except DataError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{network}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
