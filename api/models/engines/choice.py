"""Which engine computes a network here."""

from importlib.util import find_spec
from pathlib import Path

from api.models.errors import ModelError
from api.models.options import EngineChoice, RunOptions

GPU_DEVICES = (Path("/dev/nvidiactl"), Path("/dev/dxg"))  # of NVIDIA's driver, on Linux and in WSL


def takes_torch(options: RunOptions) -> bool:
    """Whether PyTorch is to compute, rather than OpenVINO. Raises ModelError if the engine asked for is not there."""
    if options.engine is EngineChoice.OPENVINO and not has_openvino():
        raise ModelError("OpenVINO is not installed; choose the engine auto or torch, or install it")
    if options.engine is EngineChoice.AUTO:
        return not has_openvino() or _has_gpu()
    return options.engine is EngineChoice.TORCH


def has_openvino() -> bool:
    """Whether OpenVINO is installed."""
    return find_spec("openvino") is not None


def _has_gpu() -> bool:
    """Whether PyTorch finds a GPU. Without NVIDIA's driver there is none, and no need to load PyTorch for it."""
    if not any(device.exists() for device in GPU_DEVICES):
        return False
    import torch  # takes a second and 200 MB, so only here

    return torch.cuda.is_available()
