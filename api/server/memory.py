"""Gives the system free memory that glibc's allocator keeps between blocks in use.

Large pictures leave such holes: 50 MB after thousands of mixed requests. By itself glibc frees only the heap's end.
"""

import ctypes
import time

EVERY_S = 5.0  # taking it anew costs the next image some 10 ms
KEPT_AT_END = 4 * 2**20  # bytes


def give_back_holes(every_s: float = EVERY_S) -> None:
    """Give holes back again and again; returns at once if the C library is not glibc."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    while trim:
        time.sleep(every_s)
        trim(ctypes.c_size_t(KEPT_AT_END))
