"""Object detection: options, boxes, suppression, drawing, JSON."""
