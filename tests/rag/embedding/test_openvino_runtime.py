from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from rag.embedding.exporting import export
from rag.embedding.model_files import ModelFiles
from rag.embedding.openvino_embedder import model_path
from rag.embedding.openvino_runtime import CompiledModel

_REPORTS = """
import sys
from rag.embedding.openvino_runtime import load_openvino
load_openvino()
print(sorted(name for name, module in sys.modules.items() if name.startswith("openvino_telemetry") and module))
"""


@pytest.fixture
def path(tiny_files: ModelFiles, tmp_path: Path) -> Path:
    export(tiny_files, tmp_path / "exported", quantized=True)
    return model_path(tmp_path / "exported")


def test_the_package_that_reports_its_use_is_not_imported() -> None:
    ran = subprocess.run([sys.executable, "-c", _REPORTS], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.strip() == "[]"


def test_a_text_has_one_vector_whatever_it_is_padded_to(path: Path) -> None:
    model = CompiledModel(path, "LATENCY")
    together = model.run([[0, 7, 2], [0, 4, 6, 8, 9, 9, 7, 2]])
    assert together.dtype == np.float32
    assert np.allclose(together[0], model.run([[0, 7, 2]])[0], atol=1e-2)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)


def test_threads_get_what_each_asked_for(path: Path) -> None:
    model = CompiledModel(path, "THROUGHPUT")
    assert model.batches_at_once >= 1
    asked = [[0, *[4 + (n + at) % 6 for at in range(n % 9 + 1)], 2] for n in range(24)]
    expected = [model.run([ids]) for ids in asked]
    found: dict[int, bool] = {}

    def ask(number: int) -> None:
        found[number] = all(np.allclose(model.run([asked[number]]), expected[number]) for _ in range(5))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(len(asked))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert found == dict.fromkeys(range(len(asked)), True)
