"""`make doctor`: looks at a server from outside, as browsers and certbot do, and says what is wrong and what to do.

It uses only the standard library, so that it runs on any computer with Python 3.11, without anything installed.

address.py, network.py and tls.py reach the server; server.py holds what is known of it. names.py, certificates.py,
frontdoor.py, service.py, cors.py and renewal.py hold the checks, each a function from a server to a finding; checks.py
lists them, diagnosis.py runs them, report.py writes what they found.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036, it runs on the owner's computer
    sys.stderr.write("The doctor needs Python 3.11 or newer (make: PYTHON=... names another).\n")
    sys.exit(2)
