"""The contestants, each behind the same four methods, each loaded in a process of its own by `benchmarks.worker`."""
