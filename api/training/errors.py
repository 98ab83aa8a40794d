"""What can be wrong with a training."""


class TrainingError(ValueError):
    """A training cannot begin or go on; the message is a sentence for its owner."""


class DataError(TrainingError):
    """The data folder cannot be learnt from; the message says why, and what would be right."""
