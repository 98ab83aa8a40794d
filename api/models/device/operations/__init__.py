"""OpenVINO's operations in ONNX's. Each function adds nodes and returns the names of their outputs.

Sources: https://docs.openvino.ai/2026/documentation/openvino-ir-format/operation-sets.html and
https://github.com/onnx/onnx/blob/main/docs/Operators.md.
"""
