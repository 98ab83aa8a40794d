"""Real servers, clients, pictures and hostile files: what tests and benchmarks share."""
