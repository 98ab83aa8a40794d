"""A model for the visitor's own device: the graph that the engine compiles as one ONNX file, and its card."""
