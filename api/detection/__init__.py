"""The detector as a library: Darknet's YOLO in PyTorch. It knows nothing of HTTP or of the environment.

The way of an image through it reads in this order: `letterbox`, `network`, `postprocess`, `draw`. `detector` puts them
together; `cfg` and `weights` build the network from Darknet's files; `runtime` runs it.
"""
