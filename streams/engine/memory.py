"""Freed memory stays with the process, where the C library would give it back to the system after every chunk.

A batch takes a megabyte, several times over on its way out. glibc maps such pieces of memory one by one, or cuts the
top of its heap off when they are freed: the next batch then meets new pages, which the system has to clear first. That
was a tenth of a worker's processor time. What the process holds at its peak is the same.
"""

import ctypes

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""``M_TRIM_THRESHOLD`` and ``M_MMAP_THRESHOLD`` of glibc's ``malloc.h``."""
KEPT = 64 << 20
"""Bytes at the end of the heap that stay; more than a chunk ever needs at once."""
LARGEST_OF_HEAP = 8 << 20
"""Bytes of a piece of memory from which it is mapped alone, and given back at once: what a fetch brings at most."""


def keep_freed_memory() -> None:
    """From now on, for the whole process. Does nothing where the C library is not glibc."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # another C library; Windows has no "program itself" to look into
        return
    mallopt(_MMAP_THRESHOLD, LARGEST_OF_HEAP)
    mallopt(_TRIM_THRESHOLD, KEPT)
