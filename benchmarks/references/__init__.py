"""Models as others compute them, to lay beside ours: whose program it is depends on the model."""
