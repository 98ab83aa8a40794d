"""Models in OpenVINO's own format: made once from any other, kept, and read at each start without PyTorch."""
