"""What a path leads to, found out without opening it."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from bascule.streams import path_kind as module
from bascule.streams.path_kind import PathKind, path_kind


def test_each_kind(tmp_path: Path):
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "link").symlink_to("fifo")
    (tmp_path / "dangling").symlink_to("nowhere")
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(tmp_path / "socket"))
        found = {name: path_kind(str(tmp_path / name)) for name in os.listdir(tmp_path)}  # noqa: PTH208
    assert found == {
        "file": PathKind.FILE,
        "fifo": PathKind.FIFO,
        "link": PathKind.FIFO,
        "dangling": PathKind.MISSING,
        "socket": PathKind.SOCKET,
    }
    assert path_kind(str(tmp_path)) is PathKind.FOLDER
    assert path_kind(str(tmp_path / "file" / "below")) is PathKind.MISSING
    assert path_kind("/dev/null") is PathKind.DEVICE


def test_terminals(tmp_path: Path):
    master, slave = os.openpty()
    (tmp_path / "link").symlink_to(os.ttyname(slave))
    assert path_kind(os.ttyname(slave)) is PathKind.TERMINAL
    assert path_kind(str(tmp_path / "link")) is PathKind.TERMINAL
    assert path_kind("/dev/tty") is PathKind.TERMINAL
    os.close(master)
    os.close(slave)


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_where_the_system_does_not_tell_the_name_must_do(
    platform: str, monkeypatch: pytest.MonkeyPatch
):
    def nothing(_path: Path) -> Path:
        raise FileNotFoundError

    monkeypatch.setattr(module.sys, "platform", platform)
    monkeypatch.setattr(Path, "readlink", nothing)
    assert path_kind("/dev/tty") is PathKind.TERMINAL
    assert path_kind("/dev/null") is PathKind.DEVICE


def test_a_disk_is_a_device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    class Disk:
        st_mode = 0o060_600

    monkeypatch.setattr(Path, "stat", lambda _path: Disk())
    assert path_kind("/dev/sda") is PathKind.DEVICE


@pytest.mark.parametrize("path", ["\0", "x" * 5000])
def test_what_cannot_be_looked_at_is_left_to_opening(path: str):
    assert path_kind(path) is PathKind.FILE
