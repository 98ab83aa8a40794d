"""Readers: models made of two or three networks, which find lines of text, turn them and read them."""
