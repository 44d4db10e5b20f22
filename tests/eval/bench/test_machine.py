from __future__ import annotations

import re

from eval.bench.machine import machine_name


def test_the_machine_is_named_with_its_cores_memory_and_libraries() -> None:
    assert re.search(r"\S.*, \d+ cores, \S+, \d+ GiB, \S+; xllamacpp \d.*, torch \d.*, faiss-cpu \d", machine_name())
