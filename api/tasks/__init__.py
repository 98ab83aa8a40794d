"""What can be asked of an image. A folder a task; no task imports another, and none imports flask or torch."""
