"""From files on the disk to a model that answers: a reader for each format, a module for each engine.

Only this folder imports openvino and torch.
"""

import sys

# OpenVINO and NNCF send usage figures to Intel if they can import this package, which conda, for one, installs with
# them. With None here Python cannot import it (docs.python.org/3/reference/import.html#the-module-cache).
sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
