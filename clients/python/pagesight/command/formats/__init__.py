"""The files that answers are kept in: a module for each form."""
