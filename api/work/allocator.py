"""The C library's allocator, set for what this process is about to do. Only glibc has these settings.

While a model is loaded, arrays of megabytes are made and dropped once: they should go back to the system. While images
are served, the same arrays are made again many times a second: they should be kept. Decoding a JPEG of 1280 x 960 takes
3.7 ms with kept blocks and 10 ms with ones that are mapped anew, each page touched for the first time.

Kept blocks that no image will need again are holes between those in use. They go back soon after a large picture.
"""

import ctypes
import sys
import threading
import time

# glibc's malloc.h, `mallopt`.
M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -2, -3, -8
MIB = 2**20
KEPT = 24 * MIB
KEPT_AT_END = 4 * MIB  # of the heap
TIDY_EVERY_S = 5.0  # what is made anew then costs the next image some 10 ms
LAST_USE_S = 0.05  # from `tidy_soon` until nothing holds the blocks any more
TIDY_PAUSE_S = 0.2  # so that many large pictures cost the others little

_holes = threading.Event()


def use_one_arena() -> bool:
    """Let all threads share one heap; only possible before a second thread has begun. Tell whether that could be set.

    glibc would make several, and each of them would keep what its threads once needed.
    """
    return _set((M_ARENA_MAX, 1))


def give_back_at_once() -> bool:
    """Return every block of a megabyte or more to the system when it is freed; tell whether that could be set."""
    return _set((M_MMAP_THRESHOLD, MIB), (M_TRIM_THRESHOLD, MIB))


def keep_for_reuse() -> bool:
    """Keep freed blocks of up to 24 MiB for the next image, and as much at the heap's end; tell whether it was set."""
    return _set((M_MMAP_THRESHOLD, KEPT), (M_TRIM_THRESHOLD, KEPT), (M_TOP_PAD, KEPT_AT_END))


def give_back_holes() -> bool:
    """Return what lies free between blocks in use, and behind them, to the system; tell whether that can be done.

    Large pictures leave such holes: after thousands of all sizes they are tens of megabytes.
    """
    libc = _libc()
    return libc is not None and libc.malloc_trim(ctypes.c_size_t(KEPT_AT_END)) in (0, 1)


def tidy_soon() -> None:
    """Say that large blocks were freed, or soon will be; whoever runs `keep_tidy` gives them back."""
    _holes.set()


def keep_tidy() -> None:
    """Give back holes when `tidy_soon` says so, and now and then; does not end where that can be done."""
    while give_back_holes():
        time.sleep(TIDY_PAUSE_S)
        _holes.wait(TIDY_EVERY_S)
        _holes.clear()
        time.sleep(LAST_USE_S)


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
