"""From files on the disk to a model that answers: a reader for each format, a module for each engine.

Only this folder imports torch.
"""
