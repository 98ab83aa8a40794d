"""Programs that ask a server from outside: they know its contract, and import nothing of `api/`."""
