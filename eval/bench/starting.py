"""From the command to a server that answers, and the memory it holds at rest."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx
import psutil

from eval.bench.goals import Row, at_most
from eval.bench.made_corpus import in_process, pincite_command
from eval.bench.spread import Spread, spread
from rag.errors import PinciteError
from rag.settings import Settings

_LONGEST_S = 120.0
_PAUSE_S = 0.05
_GIB = 2**30


@dataclass(frozen=True, slots=True)
class Starting:
    """Seconds from the command to /readyz, and GiB of resident memory then."""

    passages: int
    ready: Spread
    memory: Spread

    def rows(self) -> list[Row]:
        """Return the lines of the table."""
        return [
            Row("start", f"command to ready, {self.passages:,} passages, s", self.ready, at_most(4)),
            Row("start", "memory at rest, GiB", self.memory, at_most(2.2)),
        ]


def measure(made: Settings, passages: int, runs: int, done: Callable[[], None] = lambda: None) -> Starting:
    """Start and stop the server over the folders of ``made``, ``runs`` times, after once to warm the disk's cache.

    Raises:
        PinciteError: it ends or is not ready in two minutes.
    """
    starts = []
    for _ in range(runs + 1):
        starts.append(start_once(made))
        done()
    return Starting(passages, spread([ready for ready, _ in starts[1:]]), spread([size for _, size in starts[1:]]))


def start_once(made: Settings) -> tuple[float, float]:
    """Start the server; return the seconds until it is ready, and its GiB then. It is stopped again."""
    url = f"http://127.0.0.1:{_free_port()}"
    command = [pincite_command(), "serve", "--port", url.rpartition(":")[2]]
    began = time.perf_counter()
    server = subprocess.Popen(command, env=in_process(made), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own
    try:
        while not _is_ready(url):
            if server.poll() is not None or time.perf_counter() - began > _LONGEST_S:
                raise PinciteError("The server does not get ready.", "Run: pincite serve")
            time.sleep(_PAUSE_S)
        ready = time.perf_counter() - began
        return ready, psutil.Process(server.pid).memory_info().rss / _GIB
    finally:
        server.terminate()
        server.wait(_LONGEST_S)


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", timeout=5).is_success
    except httpx.TransportError:
        return False


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
