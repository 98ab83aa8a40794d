"""Darknet's format: cfg, weights and names to a torch network."""
