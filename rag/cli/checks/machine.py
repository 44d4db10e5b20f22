"""Python, its packages, and the machine."""

from __future__ import annotations

import platform
import shutil
import struct
import sys
from importlib import metadata
from pathlib import Path

from rag.cli.checks.finding import Finding
from rag.models.catalog import catalog
from rag.settings import Settings

_MEMORY_BESIDE_MODEL = 2_000_000_000
_LOW_DISK = 1_000_000_000
# docs/decisions/0049-a-build-of-ones-own.md
_BUILD = "With a C++ compiler and CMake, `make native` builds a llama.cpp that reads prompts a third faster here."


def python_version() -> Finding:
    """Python is new enough and 64-bit."""
    detail = f"{platform.python_version()}, {struct.calcsize('P') * 8} bit, {platform.platform(terse=True)}"
    if sys.maxsize <= 2**32:
        return Finding("Python", "error", detail, "Install a 64-bit Python of version 3.11 or later.")
    return Finding("Python", "ok", detail)


def packages() -> Finding:
    """Every dependency is installed in a version that fits."""
    from packaging.requirements import Requirement  # noqa: PLC0415

    wrong, count = [], 0
    for line in metadata.requires("pincite") or ():
        requirement = Requirement(line)
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        count += 1
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            wrong.append(f"{requirement.name} is missing")
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            wrong.append(f"{requirement.name} {version} is not {requirement.specifier}")
    if wrong:
        return Finding("packages", "error", "; ".join(wrong), "Run: make setup (or: pip install .)")
    key = ", ".join(f"{name} {metadata.version(name)}" for name in ("openvino", "sentence-transformers", "xllamacpp"))
    return Finding("packages", "ok", f"pincite {metadata.version('pincite')}, {count} dependencies: {key}, …")


def processor() -> Finding:
    """The CPU has the vector instructions that make a small model quick."""
    import psutil  # noqa: PLC0415
    import torch  # noqa: PLC0415 - knows the instruction sets on every system

    features = torch.backends.cpu.get_cpu_capability()
    detail = f"{psutil.cpu_count(logical=False) or '?'} cores, {psutil.cpu_count()} threads, {features}"
    if platform.machine().lower() in ("x86_64", "amd64") and features == "DEFAULT":
        return Finding("CPU", "warning", detail + " (no AVX2)", "Answers will be slow here; choose the 0.5b generator.")
    if features == "AVX512" and not _llama_cpp_uses(features):
        return Finding("CPU", "ok", f"{detail}, of which llama.cpp uses AVX2", _BUILD)
    return Finding("CPU", "ok", detail)


def _llama_cpp_uses(instructions: str) -> bool:
    """Whether the installed llama.cpp was built with such instructions, named as it names them."""
    import xllamacpp  # noqa: PLC0415

    return f"| {instructions} = 1 |" in xllamacpp.get_system_info()


def memory(settings: Settings) -> Finding:
    """The generator fits into the memory that is free."""
    import psutil  # noqa: PLC0415

    state = psutil.virtual_memory()
    known = catalog().get(settings.generator)
    needed = (known.bytes if known else 0) + _MEMORY_BESIDE_MODEL
    detail = f"{state.available / 1e9:.1f} of {state.total / 1e9:.1f} GB free, about {needed / 1e9:.1f} GB needed"
    if state.available < needed:
        return Finding("memory", "warning", detail, "Close other programs, or choose a smaller generator.")
    return Finding("memory", "ok", detail)


def disk(settings: Settings) -> Finding:
    """There is space where models and the index live."""
    free = {str(path): shutil.disk_usage(_existing(path)).free for path in (settings.models_dir, settings.index_dir)}
    detail = ", ".join(f"{size / 1e9:.1f} GB free for {path}" for path, size in free.items())
    if min(free.values()) < _LOW_DISK:
        return Finding("disk", "warning", detail, "Free some space, or move models_dir or index_dir.")
    return Finding("disk", "ok", detail)


def _existing(path: Path) -> Path:
    return next(folder for folder in (path.absolute(), *path.absolute().parents) if folder.exists())
