"""Finding a Chromium on this machine, or installing Debian's."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_PACKAGES = ("chromium", "fonts-noto-cjk")
_INSTALL_S = 540


@cache
def find_chromium() -> str:
    """Return the path of a Chromium; as root on Debian, install one where there is none.

    Without one, the tests that need it are skipped; in CI, where that would hide them, they fail.
    """
    found = _which()
    if found is None and os.geteuid() == 0 and Path("/etc/debian_version").exists() and shutil.which("apt-get"):
        _install()
        found = _which()
    if found is not None:
        return found
    reason = "There is no Chromium on this machine. On Debian: apt-get install chromium fonts-noto-cjk"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def _which() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for path in map(shutil.which, names) if path), None)


def _install() -> None:
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *_PACKAGES]):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", *command], env=environment, timeout=_INSTALL_S, check=False, capture_output=True)
