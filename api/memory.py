"""The C library's allocator, set for what this process is about to do. Only glibc has these settings.

While a model is loaded, arrays of megabytes are made and dropped once: they should go back to the system. While images
are served, the same arrays are made again many times a second: they should be kept. Decoding a JPEG of 1280 x 960 takes
3.7 ms with kept blocks and 10 ms with ones that are mapped anew, each page touched for the first time.
"""

import ctypes
import sys

# glibc's malloc.h, `mallopt`.
M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -2, -3, -8
MIB = 2**20
KEPT = 24 * MIB


def give_back_at_once() -> bool:
    """Return every block of a megabyte or more to the system when it is freed; tell whether that could be set."""
    return _set((M_ARENA_MAX, 1), (M_MMAP_THRESHOLD, MIB), (M_TRIM_THRESHOLD, MIB))


def keep_for_reuse() -> bool:
    """Keep freed blocks of up to 24 MiB for the next image, and as much at the heap's end; tell whether that was set.

    One arena for all threads, or each of them would keep its own.
    """
    return _set((M_ARENA_MAX, 1), (M_MMAP_THRESHOLD, KEPT), (M_TRIM_THRESHOLD, KEPT), (M_TOP_PAD, 4 * MIB))


def give_back_holes() -> bool:
    """Return what lies free between blocks in use to the system, but for what is kept; tell whether that can be done.

    Large pictures leave such holes: after thousands of all sizes they are tens of megabytes.
    """
    libc = _libc()
    return libc is not None and libc.malloc_trim(ctypes.c_size_t(KEPT)) in (0, 1)


def _set(*settings: tuple[int, int]) -> bool:
    libc = _libc()
    if libc is None:
        return False
    return all([libc.mallopt(parameter, value) == 1 for parameter, value in settings])  # noqa: C419, set every one


def _libc() -> ctypes.CDLL | None:
    """Return glibc, where that is the C library."""
    if sys.platform != "linux":
        return None
    try:
        libc = ctypes.CDLL("libc.so.6")
    except OSError:
        return None
    return libc if hasattr(libc, "mallopt") and hasattr(libc, "malloc_trim") else None
