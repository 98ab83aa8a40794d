"""One piece of work and its limits: admission, watchdog, the loaded models.

Knows tasks by their contract, and imports no Flask.
"""
