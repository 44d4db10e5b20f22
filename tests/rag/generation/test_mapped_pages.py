from __future__ import annotations

import mmap
import os
import sys
from pathlib import Path

import pytest

from rag.generation.mapped_pages import give_back

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems have no /proc")


def resident_kb(path: Path) -> int:
    lines = Path("/proc/self/smaps").read_text(encoding="utf-8").splitlines()
    (at,) = [number for number, line in enumerate(lines) if line.endswith(str(path))]
    return next(int(line.split()[1]) for line in lines[at:] if line.startswith("Rss:"))


def test_pages_are_given_back_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "weights with a space.gguf"
    content = os.urandom(1 << 20)
    path.write_bytes(content)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        assert mapped[:] == content
        assert resident_kb(path) >= 1024
        give_back(path)
        assert resident_kb(path) == 0
        assert mapped[:] == content


def test_what_is_written_to_a_mapping_of_ones_own_stays(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"a" * 4096)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY) as mapped:
        mapped[:1] = b"b"
        give_back(path)
        assert mapped[:2] == b"ba"


def test_a_file_that_is_not_mapped_is_no_error(tmp_path: Path) -> None:
    give_back(tmp_path / "nothing")
