"""The environment of a peer: made once, with exactly the versions that its requirements file names."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from venv import EnvBuilder

from rag.errors import PinciteError


def prepare(peer: str, home: Path) -> Path:
    """Return the Python of ``peer``'s environment in ``home``, made anew unless it holds what is required.

    Raises:
        PinciteError: it cannot be made; the message carries the reason that was given.
    """
    required = requirements(peer)
    folder = home / peer
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    installed = folder / "installed.txt"
    if python.exists() and installed.is_file() and installed.read_text(encoding="utf-8") == required:
        return python
    try:
        EnvBuilder(clear=True, symlinks=os.name != "nt").create(folder)
        _install(peer, python)
        # Written last, so that one that was broken off is made anew.
        installed.write_text(required, encoding="utf-8")
    except OSError as error:
        raise PinciteError(f"The environment {folder} of {peer} cannot be made: {error}.") from error
    return python


def requirements(peer: str) -> str:
    """Return the content of the peer's requirements file."""
    return _requirements_file(peer).read_text(encoding="utf-8")


def pinned_version(peer: str, package: str) -> str:
    """Return the version of ``package`` in the peer's environment.

    Raises:
        LookupError: the requirements do not name it.
    """
    found = re.search(rf"^{re.escape(package)}==(\S+)$", requirements(peer), re.MULTILINE)
    if found is None:
        raise LookupError(package)
    return found[1]


def _requirements_file(peer: str) -> Path:
    return Path(str(files("eval.bench.peers") / f"{peer}.txt"))


def _install(peer: str, python: Path) -> None:
    # -P: a file named pip.py in the working folder must not be run.
    pip = [sys.executable, "-P", "-m", "pip", "--python", str(python), "--disable-pip-version-check", "--no-input"]
    command = [*pip, "--no-color", "install", "--only-binary", ":all:", "--requirement", str(_requirements_file(peer))]
    ended = subprocess.run(  # noqa: S603 - the command is made of this folder's own files
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if ended.returncode == 0:
        return
    errors = [line for line in ended.stderr.splitlines() if line.startswith("ERROR:") or "No module named pip" in line]
    reason = errors[-1].removeprefix("ERROR:").strip().rstrip(".") if errors else "it gave no reason"
    raise PinciteError(
        f"pip could not install what {peer} needs: {reason}.",
        "The first run needs the package index: check the network and pip's own settings (index, proxy, certificates).",
    )
