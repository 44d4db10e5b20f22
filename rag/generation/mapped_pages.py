"""Giving back the memory of a mapped file that was read once: the system reads again what is needed again."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress
from pathlib import Path

_MADV_DONTNEED = 4


def give_back(path: Path) -> None:
    """Drop the pages of ``path`` that this process has mapped, where the system is Linux; elsewhere do nothing.

    llama.cpp keeps most weights a second time, in the order in which they are multiplied.
    """
    if sys.platform != "linux":
        return
    name = str(path.resolve())
    with suppress(OSError):
        maps = Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace").splitlines()
        for line in maps:
            span, access, *_, mapped = line.split(maxsplit=5)
            if mapped == name and access.startswith("r-"):
                start, end = (int(address, 16) for address in span.split("-"))
                ctypes.CDLL(None).madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _MADV_DONTNEED)
