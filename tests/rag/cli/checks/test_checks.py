from __future__ import annotations

import shutil
from collections import namedtuple
from importlib import metadata
from pathlib import Path

import pytest

from rag.cli.checks import index, machine, models
from rag.cli.checks.finding import Finding, guarded
from rag.errors import ModelError
from rag.settings import Settings


@pytest.fixture
def empty(tmp_path: Path) -> Settings:
    return Settings(models_dir=tmp_path / "models", index_dir=tmp_path / "index")


def test_python_is_described() -> None:
    finding = machine.python_version()
    assert finding.level == "ok"
    assert "64 bit" in finding.detail


def test_missing_and_unfit_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = ["no-such-package>=1", "typer>=999", "typer>=0.1", 'other; extra == "dev"']
    monkeypatch.setattr(metadata, "requires", lambda _: wanted)
    finding = machine.packages()
    assert finding.level == "error"
    assert "no-such-package is missing; typer " in finding.detail
    assert finding.detail.endswith("is not >=999")
    assert finding.remedy


@pytest.mark.parametrize(
    ("processor", "llama_cpp", "advised"),
    [
        ("AVX512", "CPU : AVX2 = 1 | OPENMP = 1 | ", True),
        ("AVX512", "CPU : AVX2 = 1 | AVX512 = 1 | AVX512_VNNI = 1 | ", False),
        ("AVX2", "CPU : AVX2 = 1 | ", False),
    ],
)
def test_a_llama_cpp_that_leaves_the_processor_s_instructions_unused_is_named(
    monkeypatch: pytest.MonkeyPatch, processor: str, llama_cpp: str, advised: bool
) -> None:
    monkeypatch.setattr("torch.backends.cpu.get_cpu_capability", lambda: processor)
    monkeypatch.setattr("xllamacpp.get_system_info", lambda: llama_cpp)
    finding = machine.processor()
    assert finding.level == "ok"
    assert ("make native" in finding.remedy) == ("of which llama.cpp uses AVX2" in finding.detail) == advised


def test_little_disk_is_a_warning(empty: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10, 9, 1))
    assert machine.disk(empty).level == "warning"


def test_disk_of_folders_that_are_not_there_yet(empty: Settings) -> None:
    assert str(empty.models_dir) in machine.disk(empty).detail


def test_memory_counts_the_generator(empty: Settings) -> None:
    assert "about 3.1 GB needed" in machine.memory(empty).detail


def test_missing_models_say_the_command(empty: Settings) -> None:
    assert models.generator(empty).remedy == f"Run: pincite models fetch {empty.generator}"
    assert models.embedder(empty).remedy == f"Run: pincite models fetch {empty.embedder}"
    assert models.generator_test(empty).level == models.embedder_test(empty).level == "error"


def test_a_model_of_ones_own_is_named(empty: Settings, tmp_path: Path) -> None:
    path = tmp_path / "mine.gguf"
    path.write_bytes(b"GGUF")
    finding = models.generator(empty.model_copy(update={"generator": str(path)}))
    assert finding == Finding("generator", "ok", f"mine (gguf: {path})")


def test_no_index(empty: Settings) -> None:
    finding = index.index(empty)
    assert finding.level == "error"
    assert "pincite index" in finding.remedy


def test_a_check_that_fails_is_a_finding() -> None:
    def known() -> Finding:
        raise ModelError("It is gone.", "Fetch it.")

    def unknown() -> Finding:
        raise ValueError("what?")

    assert guarded("x", known) == Finding("x", "error", "It is gone.", "Fetch it.")
    assert guarded("x", unknown).detail == "ValueError: what?"
