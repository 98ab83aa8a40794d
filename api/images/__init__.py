"""Bytes to upright RGB pixels and back, and every limit on untrusted images. No Flask, no torch."""
