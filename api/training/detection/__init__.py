"""From photographs with boxes to a detector of one's own: one of torchvision's networks."""
