"""Files of key-value states: the one not used longest goes first when they take more than their budget.

Several processes may share a folder. A file is in place whole or not at all.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

# What the prompts' fixed parts need, where nothing outlives the process: a dozen of them at some 30 kB a token.
_PASSING_BYTES = 256 << 20
_SUFFIX = ".state"


class StateFiles:
    """The states of one model in a folder."""

    def __init__(self, folder: Path | None, budget_bytes: int, model_key: str) -> None:
        """Keep up to ``budget_bytes`` in ``folder``; where there is none, or it cannot be written, in a temporary one.

        ``model_key`` names what the states hold for: the same tokens have others in another model.
        """
        self._model_key = model_key
        self._remove: Callable[[], object] | None = None
        if folder is not None and _is_writable(folder):
            self.folder, self._budget = folder, budget_bytes
            return
        self.folder, self._budget = Path(mkdtemp(prefix="pincite-")), _PASSING_BYTES
        self._remove = weakref.finalize(self, rmtree, self.folder, ignore_errors=True)

    def find(self, name: str) -> str | None:
        """Return the file of a state, which counts as used now; None where it is not kept."""
        path = self._path(name)
        try:
            os.utime(path)
        except OSError:
            return None
        return path.name

    def unfinished(self, name: str) -> str:
        """Return the file to write a state to."""
        return f"{self._path(name).name}.{os.getpid()}"

    def finish(self, name: str) -> None:
        """Put what was written in place, and remove what is over the budget but for the newest."""
        with suppress(OSError):  # tidied away: it is computed again
            (self.folder / self.unfinished(name)).replace(self._path(name))
        files = self._files()
        taken = sum(size for _, size, _ in files)
        for _, size, path in files[:-1]:
            if taken <= self._budget:
                break
            path.unlink(missing_ok=True)
            taken -= size

    def discard(self, name: str) -> None:
        """Remove a state that is not fit for use."""
        self._path(name).unlink(missing_ok=True)

    @property
    def is_full(self) -> bool:
        """Whether one more state like the largest would push another out."""
        sizes = [size for _, size, _ in self._files()]
        return sum(sizes) + max(sizes, default=0) > self._budget

    def close(self) -> None:
        """Remove a temporary folder."""
        if self._remove is not None:
            self._remove()

    def _path(self, name: str) -> Path:
        return self.folder / f"{self._model_key}-{name}{_SUFFIX}"

    def _files(self) -> list[tuple[float, int, Path]]:
        """Return time of last use, size and path of every file, the one not used longest first."""
        found = []
        for path in self.folder.iterdir():
            with suppress(OSError):
                stat = path.stat()
                found.append((stat.st_mtime, stat.st_size, path))
        return sorted(found)


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)
