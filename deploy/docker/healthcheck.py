"""Ends with status 0 if this container's server would work on an image. It needs no curl in the image."""

import http.client
import os
import sys


def main() -> None:
    """Ask `/readyz` on PORT."""
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ["PORT"]), timeout=4)
    try:
        connection.request("GET", "/readyz")
        sys.exit(0 if connection.getresponse().status == http.client.OK else 1)
    except OSError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
