"""Images made to harm whoever decodes them, written byte by byte: one module for each kind of file.

`corpus.make_corpus()` gives them all, each with the status that the API must answer. Nothing here is a binary file.
"""
