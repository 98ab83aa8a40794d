"""From a model to one whose convolutions multiply whole numbers of 8 bits. Nothing that serves imports this."""
