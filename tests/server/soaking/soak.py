"""Run as a program: many clients at once on a server with a small model, for a while; what came of it as a report.

Usage: python -m tests.server.soaking.soak [--minutes 30] [--clients 40] [--out FOLDER]. It needs the index of
``make setup`` and the model (``pincite models fetch``). The exit code is 1 when something was lost, crossed, leaked or
too slow.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil

from tests.server.soaking.clients import Client, Tally
from tests.server.soaking.report import Sample, Soak, write_report

_MODEL = "smollm2-135m-instruct-q4_1"
_SAMPLE_S = 5.0
_PATIENCE_S = 600.0


def main() -> int:
    parser = argparse.ArgumentParser(description="Many clients at once on a server with a small model, for a while.")
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--clients", type=int, default=40)
    parser.add_argument(
        "--out", type=Path, default=Path("soak"), help="folder of the report and the server's log (default: soak)"
    )
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    log = options.out / "server.log"
    with tempfile.TemporaryDirectory() as folder, _server(Path(folder), log) as (url, process):
        soak = asyncio.run(_soak(url, process, options.clients, options.minutes * 60))
    write_report(soak, options.out)
    for wrong in soak.problems:
        sys.stderr.write(f"{wrong}\n")
    return 1 if soak.problems else 0


@contextmanager
def _server(folder: Path, log_file: Path) -> Iterator[tuple[str, psutil.Process]]:
    environment = os.environ | {
        "PINCITE_GENERATOR": _MODEL,
        "PINCITE_SERVER__DATABASE_URL": f"sqlite:///{folder / 'soak.db'}",
        "PINCITE_SERVER__PORT": "0",
        "PINCITE_SERVER__REQUESTS_PER_MINUTE": "1000000",
    }
    command = [str(Path(sys.executable).with_name("pincite")), "serve"]
    with log_file.open("w", encoding="utf-8") as log:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            assert process.stdout is not None
            url = ""
            while not (line := process.stdout.readline()).startswith("Ready"):
                if not line:
                    sys.exit(f"The server did not start:\n{log_file.read_text(encoding='utf-8')}")
                url = found[0] if (found := re.search(r"http://127\.0\.0\.1:\d+", line)) else url
            yield url, psutil.Process(process.pid)
        finally:
            process.terminate()
            process.wait(timeout=60)


async def _soak(url: str, process: psutil.Process, clients: int, seconds: float) -> Soak:
    tally, samples = Tally(), list[Sample]()
    began = time.monotonic()
    limits = httpx.Limits(max_connections=clients * 2)
    async with httpx.AsyncClient(base_url=url, timeout=_PATIENCE_S, limits=limits) as http:
        sampling = asyncio.create_task(_sample(process, samples, began))
        await asyncio.gather(*(Client(n, http, tally).run_until(began + seconds) for n in range(clients)))
        sampling.cancel()
    return Soak(clients, time.monotonic() - began, tally, samples)


async def _sample(process: psutil.Process, samples: list[Sample], began: float) -> None:
    while True:
        samples.append(Sample(time.monotonic() - began, process.memory_info().rss / 2**20))
        await asyncio.sleep(_SAMPLE_S)


if __name__ == "__main__":
    sys.exit(main())
