from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("killed_runs.py")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
def test_killed_at_any_file_operation_a_whole_snapshot_serves(tmp_path: Path) -> None:
    # One thread: OpenMP does not survive the forks of the program.
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    run = subprocess.run(
        [sys.executable, str(PROGRAM), str(tmp_path)], capture_output=True, text=True, env=environment, check=False
    )
    assert run.returncode == 0, run.stderr
    result = json.loads(run.stdout)
    assert result["wrong"] == []
    assert result["served"]["old"] >= 15
    assert result["served"]["new"] >= 1
    assert {"open", "os.rename", "os.rmdir", "sqlite3.connect"} <= set(result["operations"])
