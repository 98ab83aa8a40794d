"""A page on which owners correct their data, on their own machine. Nothing that serves visitors imports it."""
