from __future__ import annotations

import sys
from pathlib import Path

import pytest

from eval.bench.peers.job import Reply
from eval.bench.peers.running import ask_peer
from rag.errors import PinciteError

REPLY = Reply("为什么？", 0.5, 1.5, 300, "因为")


def python_that(does: str, folder: Path) -> Path:
    """A stand-in for a peer's Python, which runs ``does`` whatever it is told to run."""
    path = folder / "python"
    path.write_text(f"#!{sys.executable}\nimport os, sys\n{does}\n", encoding="utf-8")
    path.chmod(0o700)
    return path


def test_replies_come_one_by_one(tmp_path: Path) -> None:
    line = f"os.write(1, {REPLY.to_json()!r}.encode() + b'\\n')"
    done: list[int] = []
    python = python_that(f"{line}\n{line}", tmp_path)
    assert ask_peer("txtai", python, tmp_path / "job.json", lambda: done.append(1)) == [REPLY, REPLY]
    assert len(done) == 2


def test_the_driver_sees_its_folder_its_job_and_no_network(tmp_path: Path) -> None:
    python = python_that("print(sys.argv[1:], os.environ['HF_HUB_OFFLINE'], file=sys.stderr)", tmp_path)
    assert ask_peer("txtai", python, tmp_path / "job.json") == []
    told = (tmp_path / "txtai.log").read_text(encoding="utf-8")
    assert told == f"{['-P', '-m', 'peers.txtai', str(tmp_path / 'job.json')]} 1\n"


def test_a_peer_that_fails_is_one_line_with_its_reason(tmp_path: Path) -> None:
    python = python_that("print('first\\nValueError: no such model.\\n', file=sys.stderr)\nsys.exit(3)", tmp_path)
    with pytest.raises(PinciteError, match=r"^txtai stopped with exit code 3: ValueError: no such model\.$") as raised:
        ask_peer("txtai", python, tmp_path / "job.json")
    assert str(tmp_path / "txtai.log") in raised.value.remedy


def test_a_peer_that_is_killed_says_so(tmp_path: Path) -> None:
    with pytest.raises(PinciteError, match="exit code -9: it gave no reason"):
        ask_peer("txtai", python_that("os.kill(os.getpid(), 9)", tmp_path), tmp_path / "job.json")


def test_breaking_off_ends_the_peer(tmp_path: Path) -> None:
    line = f"os.write(1, {REPLY.to_json()!r}.encode() + b'\\n')"
    python = python_that(f"import time\n{line}\ntime.sleep(600)", tmp_path)

    def broken_off() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask_peer("txtai", python, tmp_path / "job.json", broken_off)
