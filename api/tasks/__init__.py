"""What can be asked of an image: one folder for each task. No task imports another, and none imports flask or torch."""
