"""A peer at work: a process of its own, in its own environment, without the network."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import IO

from eval.bench.peers.job import Reply
from rag.errors import PinciteError

_OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "LANGSMITH_TRACING": "false"}


def ask_peer(peer: str, python: Path, job_file: Path, done: Callable[[], None] = lambda: None) -> list[Reply]:
    """Return the replies of ``peer``, a driver of this folder, to the questions of the job in ``job_file``.

    What the process prints beside them goes to a file next to ``job_file``. ``done`` is called after each reply.

    Raises:
        PinciteError: the peer failed; the message carries the last line that it printed.
    """
    log_file = job_file.with_name(f"{peer}.log")
    lines: list[str] = []
    with log_file.open("wb") as log, _started(peer, python, job_file, log) as process:
        try:
            for line in process.stdout or ():
                lines.append(line)
                done()
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        reason = f"{peer} stopped with exit code {process.returncode}: {_last_line(log_file)}."
        raise PinciteError(reason, f"{log_file} has all that it printed.")
    return [Reply.from_json(line) for line in lines]


def _started(peer: str, python: Path, job_file: Path, log: IO[bytes]) -> subprocess.Popen[str]:
    # -P: only what is meant to be seen of this side is on its path.
    return subprocess.Popen(  # noqa: S603 - our own driver
        [str(python), "-P", "-m", f"peers.{peer}", str(job_file)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        encoding="utf-8",
        env=os.environ | _OFFLINE | {"PYTHONPATH": str(files("eval.bench"))},
    )


def _last_line(log_file: Path) -> str:
    lines = log_file.read_text(encoding="utf-8", errors="replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "it gave no reason")
    return last[:300].rstrip(".")
