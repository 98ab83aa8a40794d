"""Models of torchvision by name: one of its builders, and a file of weights."""
