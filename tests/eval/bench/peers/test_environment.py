from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from eval.bench.peers import environment
from eval.bench.peers.environment import pinned_version, prepare, requirements
from eval.bench.peers.measuring import PEERS
from rag.errors import PinciteError

DRIVERS = [peer.driver for peer in PEERS]


@pytest.fixture
def required(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A peer's requirements file, which asks for nothing and for no index."""
    file = tmp_path / "peer.txt"
    file.write_text("--no-index\n", encoding="utf-8")
    monkeypatch.setattr(environment, "_requirements_file", lambda peer: file)
    return file


def test_an_environment_is_made_once_and_holds_nothing_of_ours(required: Path, tmp_path: Path) -> None:
    python = prepare("peer", tmp_path / "home")
    command = [str(python), "-P", "-c", "import sys, importlib.util as u; print(sys.prefix, u.find_spec('torch'))"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert told.split() == [str(tmp_path / "home" / "peer"), "None"]
    kept = tmp_path / "home" / "peer" / "kept"
    kept.touch()
    assert prepare("peer", tmp_path / "home") == python
    assert kept.exists()


def test_other_requirements_or_a_lost_python_make_another_environment(required: Path, tmp_path: Path) -> None:
    prepare("peer", tmp_path / "home")
    old = tmp_path / "home" / "peer" / "old"
    old.touch()
    required.write_text("--no-index\n# another version\n", encoding="utf-8")
    python = prepare("peer", tmp_path / "home")
    assert not old.exists()
    python.unlink()
    assert prepare("peer", tmp_path / "home").exists()


def test_what_cannot_be_had_is_one_line_and_is_tried_again(required: Path, tmp_path: Path) -> None:
    required.write_text("--no-index\nnot-to-be-had==1\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(
            PinciteError, match=r"^pip could not install what peer needs: .*not-to-be-had==1\.$"
        ) as raised:
            prepare("peer", tmp_path / "home")
        assert "network" in raised.value.remedy


def test_a_folder_that_cannot_be_made_is_one_line(required: Path, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file", encoding="utf-8")
    with pytest.raises(PinciteError, match="cannot be made"):
        prepare("peer", tmp_path / "home")


@pytest.mark.parametrize("driver", DRIVERS)
def test_everything_is_pinned_and_runs_the_models_with_our_versions(driver: str) -> None:
    lines = [line for line in requirements(driver).splitlines() if not line.startswith("#")]
    assert all(line.count("==") == 1 for line in lines)
    ours = (Path(__file__).parents[4] / "requirements.lock").read_text(encoding="utf-8").splitlines()
    shared = [line for line in lines if line.startswith(("torch==", "xllamacpp==", "transformers=="))]
    assert len(shared) == 3
    assert set(shared) <= set(ours)


@pytest.mark.parametrize("peer", PEERS, ids=DRIVERS)
def test_the_version_of_what_is_driven_stands_in_its_title(peer: object) -> None:
    assert any(character.isdigit() for character in str(peer))


def test_a_package_that_is_not_required_has_no_version(required: Path) -> None:
    with pytest.raises(LookupError):
        pinned_version("peer", "numpy")
