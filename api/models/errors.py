"""What can be wrong with a model."""


class ModelError(ValueError):
    """A model's files cannot be used; the message says which file, what is wrong and what was expected."""
