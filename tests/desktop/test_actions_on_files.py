"""What a person can do with files of profiles, done by a real engine."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from bascule.errors import ErrorCode
from bascule.events import RelayState
from bascule.places import Places
from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.profiles import Profile, profile_to_toml
from bascule.spec.relays import RelaySpec
from bascule_desktop.messages import explain
from tests.desktop.conftest import ID, Desk


async def test_export_and_import(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "echo.toml"
    desk.actions.export(ID, file)
    await desk.until(lambda: desk.told("exported"))
    assert desk.told("exported") == [("Echo", str(file))]
    desk.actions.import_files([file])
    await desk.until(lambda: desk.told("import_read"))
    ((read,),) = desk.told("import_read")
    assert read.relay == desk.profile().relay
    assert len(desk.link.store.rows) == 1  # nothing is kept before it is wanted
    desk.actions.save_imported(read)
    await desk.until(lambda: desk.state(read.id) is RelayState.STOPPED)
    assert desk.told("saved") == [(read.id,)]


async def test_an_export_in_other_words(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "echo.cfg"
    desk.actions.export(ID, file, "in other words\n")
    await desk.until(lambda: desk.told("exported"))
    assert file.read_bytes() == b"in other words\n"


@pytest.mark.parametrize(
    "content", [b"[not a profile", b"\xff\xfe\x00", b"#" * 600_000], ids=["toml", "binary", "long"]
)
async def test_a_file_that_is_no_profile(desk: Desk, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "bad.toml"
    file.write_bytes(content)
    desk.actions.import_files([file])
    await desk.until(lambda: desk.told("failed"))
    ((id, problem),) = desk.told("failed")
    assert id is None
    assert problem.code is ErrorCode.PROFILE_DAMAGED


async def test_files_that_cannot_be_read_or_written(desk: Desk, tmp_path: Path) -> None:
    desk.actions.import_files([tmp_path / "absent.toml"])
    await desk.until(lambda: desk.told("failed"))
    desk.actions.export(ID, tmp_path / "no" / "folder.toml")
    await desk.until(lambda: len(desk.told("failed")) == 2)
    codes = [problem.code for _, problem in desk.told("failed")]
    assert codes == [ErrorCode.FILE_MISSING, ErrorCode.PROFILE_UNWRITABLE]


async def test_files_of_which_one_is_none_wait_for_the_engine(
    desk: Desk, places: Places, tmp_path: Path
) -> None:
    text = profile_to_toml(desk.profile())
    files = [tmp_path / f"{name}.bascule" for name in ("one", "newer", "picture", "three")]
    for file, content in zip(
        files, (text, text.replace("format = 1", "format = 99"), "\x89PNG", text), strict=True
    ):
        file.write_text(content, "utf-8")
    os.kill(desk.link.client.info.pid, signal.SIGTERM)
    await desk.until(lambda: not desk.link.connected)
    desk.actions.import_files(files[:2])
    desk.actions.import_files(files[2:])
    await desk.until(lambda: len(desk.told("import_read")) == 2)
    newer, picture = (problem for _, problem in desk.told("failed"))
    assert (newer.code, newer.facts["imported"]) == (ErrorCode.PROFILE_NEWER, "newer.bascule")
    assert (picture.code, picture.facts["imported"]) == (
        ErrorCode.PROFILE_DAMAGED,
        "picture.bascule",
    )
    assert explain(newer).title == "A newer Bascule wrote “newer.bascule”"
    assert explain(picture).title == "“picture.bascule” is no profile that Bascule can read"
    assert [file.name for file in places.profiles.iterdir()] == [f"{ID}.toml"]


async def test_a_repaired_profile_is_read_again(desk: Desk, places: Places) -> None:
    file = places.profiles / "bad-1.toml"
    good = Profile("bad-1", "Mended", RelaySpec(TcpListen(0), TcpConnect("127.0.0.1", 9)))
    file.write_text("format = 1\nid = ", "utf-8")
    await desk.link.client.stop_engine()  # a new one reads the folder
    await desk.until(lambda: "bad-1" in desk.link.store.rows)
    assert desk.link.store.rows["bad-1"].broken is not None
    desk.actions.try_again("bad-1")
    await desk.until(lambda: desk.told("failed"))
    while desk.tasks.running("read bad-1"):
        await asyncio.sleep(0)
    assert file.read_text("utf-8") == "format = 1\nid = "  # left exactly as it was
    file.write_text(profile_to_toml(good), "utf-8")
    desk.actions.try_again("bad-1")

    def mended() -> bool:
        row = desk.link.store.rows.get("bad-1")  # gone for a moment, while it is read
        return row is not None and row.profile is not None

    await desk.until(mended)
    assert desk.profile("bad-1").name == "Mended"
