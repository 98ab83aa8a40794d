"""Models as other programs export them: one ONNX or TFLite file that mostly describes itself."""
