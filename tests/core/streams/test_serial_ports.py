"""The list of serial ports: order, phantoms, what is told about each, and who uses one."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from serial.tools import list_ports as peer
from serial.tools.list_ports_common import ListPortInfo

from bascule.streams import serial_ports
from bascule.streams.serial_ports import Holder, PortInfo, find_holders, is_phantom, list_ports
from tests.helpers.pty import Line

linked = pytest.mark.skipif(sys.platform == "win32", reason="folders of links, as Linux has them")


def found(device: str, **facts: object) -> ListPortInfo:
    info = ListPortInfo(device)
    info.__dict__.update(facts)
    return info


async def test_ports_come_in_natural_order(monkeypatch: pytest.MonkeyPatch):
    names = ["COM10", "COM2", "LPT1", "/dev/ttyUSB0", "/dev/ttyACM1", "COM"]
    monkeypatch.setattr(peer, "comports", lambda: [found(name) for name in names])
    assert [port.device for port in await list_ports()] == [
        "/dev/ttyACM1",
        "/dev/ttyUSB0",
        "COM",
        "COM2",
        "COM10",
        "LPT1",
    ]


async def test_what_the_system_says_of_a_port(monkeypatch: pytest.MonkeyPatch):
    usb = found(
        "/dev/ttyUSB0",
        description="USB Scale",
        manufacturer="FTDI",
        vid=0x0403,
        pid=0x6001,
        serial_number="A1",
        location="1-2",
    )
    monkeypatch.setattr(peer, "comports", lambda: [usb, found("/dev/ttyUSB1")])
    monkeypatch.setattr(
        serial_ports, "find_holders", lambda _devices: serial_ports.Holders(complete=False)
    )
    assert await list_ports() == (
        PortInfo("/dev/ttyUSB0", "USB Scale", "FTDI", 0x0403, 0x6001, "A1", "1-2", None),
        PortInfo("/dev/ttyUSB1"),
    )


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it cannot be known")
@pytest.mark.usefixtures("every_process")
async def test_a_port_in_use_is_busy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    line = Line()
    link = tmp_path / "scale"
    link.symlink_to(line.device)
    monkeypatch.setattr(peer, "comports", lambda: [found(str(link)), found(os.devnull + "X")])
    nobody, port = await list_ports()
    assert port.device == str(link) or nobody.device == str(link)
    busy = {each.device: each.busy for each in (nobody, port)}
    assert busy[str(link)] is True
    assert busy[os.devnull + "X"] in (False, None)  # None: others' processes cannot be seen
    line.abort()


async def test_a_device_unplugged_while_it_is_read_about(monkeypatch: pytest.MonkeyPatch):
    answers: list[object] = [TypeError("int() argument"), [found("COM1")]]

    def comports() -> object:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(peer, "comports", comports)
    assert [port.device for port in await list_ports()] == ["COM1"]
    answers[:] = [TypeError()] * 3
    assert await list_ports() == ()


async def test_on_windows_no_port_is_opened(monkeypatch: pytest.MonkeyPatch):
    def opening(_path: str) -> str:
        raise OSError(errno.EBADF, "Invalid handle")

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(os.path, "realpath", opening)
    monkeypatch.setattr(peer, "comports", lambda: [found("COM1")])
    assert await list_ports() == (PortInfo("COM1"),)


async def test_this_computer_can_be_asked():
    for port in await list_ports():
        assert port.device


@linked
def test_ports_without_hardware_are_hidden(tmp_path: Path):
    def terminal(name: str, place: str, kind: str | None) -> None:
        folder = tmp_path / "devices" / place / name
        folder.mkdir(parents=True)
        (tmp_path / name).symlink_to(folder)
        if kind is not None:
            (folder / "type").write_text(kind + "\n")

    terminal("ttyS0", "pnp0/00:05", "4")
    terminal("ttyS1", "platform/serial8250", "0")
    terminal("ttyS2", "platform/serial8250", "4")
    terminal("ttyS3", "platform/serial8250", None)
    terminal("ttyS4", "pnp0/00:06", None)
    names = [f"ttyS{number}" for number in range(5)]
    hidden = {name: is_phantom(f"/dev/{name}", tmp_path) for name in names}
    assert hidden == {
        "ttyS0": False, "ttyS1": True, "ttyS2": False, "ttyS3": True, "ttyS4": False,
    }  # fmt: skip
    assert not is_phantom("/dev/ttyS9", tmp_path)
    assert not is_phantom("/dev/ttyUSB0", tmp_path)


def processes(folder: Path) -> Path:
    for pid, program in (("1", "init"), ("42", "minicom"), ("43", "picocom")):
        (folder / pid / "fd").mkdir(parents=True)
        (folder / pid / "comm").write_text(program + "\n")
    (folder / "42" / "fd" / "3").symlink_to("/dev/ttyUSB0")
    (folder / "42" / "fd" / "4").symlink_to("/dev/null")
    (folder / "43" / "fd" / "3").symlink_to("/dev/ttyUSB0")
    (folder / "43" / "fd" / "4").touch()  # closed just now: no link any more
    (folder / "44").mkdir()  # ended just now
    (folder / "self").mkdir()
    return folder


@linked
def test_who_holds_a_port(tmp_path: Path):
    seen = find_holders({"/dev/ttyUSB0"}, processes=processes(tmp_path))
    assert seen.held["/dev/ttyUSB0"] in (Holder(42, "minicom"), Holder(43, "picocom"))
    assert seen.complete == (sys.platform == "linux")


@linked
@pytest.mark.parametrize(("system", "is_seen"), [("linux", True), ("darwin", False)])
def test_the_folder_of_processes_is_that_of_linux_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str, is_seen: bool
):
    monkeypatch.setattr(serial_ports, "_PROCESSES", processes(tmp_path))
    monkeypatch.setattr(serial_ports, "sys", SimpleNamespace(platform=system))
    assert bool(find_holders({"/dev/ttyUSB0"}).held) is is_seen


@linked
def test_looking_ends_in_time(tmp_path: Path):
    seen = find_holders({"/dev/ttyUSB0"}, processes=processes(tmp_path), seconds=-1)
    assert not seen.held
    assert not seen.complete


@linked
def test_other_users_processes_are_out_of_sight(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder, real = processes(tmp_path), Path.iterdir

    def guarded(path: Path):
        if path.parent.name == "42":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(Path, "iterdir", guarded)
    seen = find_holders({"/dev/ttyUSB0"}, processes=folder)
    assert seen.held == {"/dev/ttyUSB0": Holder(43, "picocom")}
    assert not seen.complete
