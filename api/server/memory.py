"""Gives memory back that glibc's allocator keeps: what lies free between blocks in use.

Large pictures leave such holes, 50 MB after thousands of mixed requests. By itself glibc frees only the heap's end.
"""

import ctypes
import time

EVERY_S = 5.0  # what is then taken anew costs the next image some 10 ms
KEPT_AT_END = 4 * 2**20  # bytes


def give_back_holes(every_s: float = EVERY_S) -> None:
    """Do so again and again; returns at once if the C library is another one."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    while trim:
        time.sleep(every_s)
        trim(ctypes.c_size_t(KEPT_AT_END))
