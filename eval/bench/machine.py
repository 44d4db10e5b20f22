"""The machine that a measurement was made on, in words."""

from __future__ import annotations

import platform
from importlib.metadata import version
from pathlib import Path

import psutil


def machine_name() -> str:
    """Return the processor, its cores and memory, and the versions that decide how fast the models run."""
    import torch  # noqa: PLC0415 - slow to import

    cores = psutil.cpu_count(logical=False) or psutil.cpu_count() or 1
    memory = psutil.virtual_memory().total / 2**30
    libraries = ", ".join(f"{name} {version(name)}" for name in ("xllamacpp", "openvino", "torch", "faiss-cpu"))
    features = torch.backends.cpu.get_cpu_capability()
    return f"{_processor()}, {cores} cores, {features}, {memory:.0f} GiB, {platform.system()}; {libraries}"


def _processor() -> str:
    """Return the model name that Linux gives; elsewhere what Python knows."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
