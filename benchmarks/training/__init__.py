"""Other programs that fine-tune a classifier, each a process of its own with the same plan."""
