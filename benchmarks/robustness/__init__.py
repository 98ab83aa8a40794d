"""Programs that try to bring the server down, on this machine's loopback only. `make soak` runs them all."""
