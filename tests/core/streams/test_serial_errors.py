"""What the errors of serial ports become, on every system."""

from __future__ import annotations

import errno
import grp
import os
import termios
from pathlib import Path

import pytest
import serial

from bascule.errors import ErrorCode
from bascule.streams import serial_ports
from bascule.streams.serial import PortSettings
from bascule.streams.serial_errors import cause_of, forbidden, gone_error, open_error
from bascule.streams.serial_ports import Holder, Holders

SETTINGS = PortSettings("/dev/no-such-port", field="source.device")


def caught(number: int) -> Exception:
    """As pyserial raises what it caught: without its number."""
    try:
        try:
            raise termios.error(number, os.strerror(number))
        except termios.error:
            raise serial.SerialException("Could not configure port")  # noqa: B904
    except serial.SerialException as exc:
        return exc


@pytest.mark.parametrize(
    ("exc", "code"),
    [
        (serial.SerialException(errno.ENOENT, "no"), ErrorCode.DEVICE_MISSING),
        (serial.SerialException(errno.ENXIO, "no"), ErrorCode.DEVICE_MISSING),
        (caught(errno.EIO), ErrorCode.DEVICE_MISSING),
        (serial.SerialException(errno.EBUSY, "no"), ErrorCode.DEVICE_BUSY),
        (serial.SerialException(errno.EWOULDBLOCK, "no"), ErrorCode.DEVICE_BUSY),
        (serial.SerialException(errno.EACCES, "no"), ErrorCode.DEVICE_FORBIDDEN),
        (serial.SerialException(errno.EPERM, "no"), ErrorCode.DEVICE_FORBIDDEN),
        (caught(errno.ENOTTY), ErrorCode.DEVICE_FAILED),
        (OSError(errno.EMFILE, "no"), ErrorCode.DEVICE_FAILED),
        (serial.SerialException("something else"), ErrorCode.DEVICE_FAILED),
        (termios.error(errno.EINVAL, "no"), ErrorCode.DEVICE_SETTING_REFUSED),
        (ValueError("Failed to set custom baud rate"), ErrorCode.DEVICE_SETTING_REFUSED),
        (NotImplementedError("non-standard baudrates"), ErrorCode.DEVICE_SETTING_REFUSED),
    ],
)
def test_an_error_while_opening(exc: Exception, code: ErrorCode):
    problem = open_error(exc, SETTINGS).problem
    assert problem.code is code
    assert problem.facts["device"] == "/dev/no-such-port"
    assert (problem.field or "").startswith("source.")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("FileNotFoundError(2, 'Not there.', None, 2)", ErrorCode.DEVICE_MISSING),
        ("PermissionError(13, 'Access is denied.', None, 5)", ErrorCode.DEVICE_BUSY),
        ('OSError(22, "A device isn\'t functioning.", None, 31)', ErrorCode.DEVICE_MISSING),
        ("OSError(22, 'The parameter is incorrect.', None, 87)", ErrorCode.DEVICE_SETTING_REFUSED),
        ("OSError(22, 'The function is incorrect.', None, 1)", ErrorCode.DEVICE_FAILED),
        ("OSError(22, 'Semaphore timeout.', None, 121)", ErrorCode.DEVICE_FAILED),
    ],
)
def test_an_error_of_windows_while_opening(text: str, code: ErrorCode):
    exc = serial.SerialException(f"could not open port 'COM5': {text}")
    problem = open_error(exc, PortSettings("COM5")).problem
    assert problem.code is code
    if code is ErrorCode.DEVICE_FAILED and "121" in text:
        assert problem.facts["why"] == "Semaphore timeout."


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({}, "baud"),
        ({"baud": 12345, "parity": "mark"}, "baud"),
        ({"parity": "mark", "data_bits": 5}, "parity"),
        ({"data_bits": 5}, "data_bits"),
        ({"stop_bits": "1.5"}, "stop_bits"),
        ({"flow_control": "rts-cts"}, "flow_control"),
    ],
)
def test_the_unusual_setting_is_suspected(settings: dict, name: str):
    refusal = open_error(ValueError("no"), PortSettings("COM5", **settings))
    assert refusal.field == name
    assert refusal.facts["setting"] == name
    assert refusal.facts["why"] == "no"


@pytest.mark.parametrize(
    ("exc", "code", "why"),
    [
        (None, ErrorCode.DEVICE_GONE, "it was unplugged"),
        (OSError(errno.EIO, "x"), ErrorCode.DEVICE_GONE, "Input/output error"),
        (serial.SerialException("no data"), ErrorCode.DEVICE_GONE, "no data"),
        (
            serial.SerialException("ReadFile failed (OSError(22, 'Bad command', None, 22))"),
            ErrorCode.DEVICE_GONE,
            "Bad command",
        ),
        (TypeError(), ErrorCode.DEVICE_GONE, "TypeError"),
        (OSError(errno.ENOMEM, "x"), ErrorCode.DEVICE_FAILED, "Cannot allocate memory"),
    ],
)
def test_an_error_on_an_open_port(exc: Exception | None, code: ErrorCode, why: str):
    problem = gone_error(exc, "COM5").problem
    assert problem.code is code
    assert problem.facts == {"device": "COM5", "why": why}


def test_busy_names_the_program(monkeypatch: pytest.MonkeyPatch):
    held = Holders({"/dev/no-such-port": Holder(4711, "minicom")})
    monkeypatch.setattr(serial_ports, "find_holders", lambda _devices: held)
    busy = open_error(OSError(errno.EBUSY, "no"), SETTINGS)
    assert busy.facts == {"device": "/dev/no-such-port", "program": "minicom", "pid": 4711}
    assert "minicom" in busy.message


def test_forbidden_names_the_group_that_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    device = tmp_path / "port"
    device.touch()
    group = grp.getgrgid(device.stat().st_gid).gr_name
    device.chmod(0o660)
    assert forbidden(PortSettings(str(device))).facts["group"] == group
    device.chmod(0o600)  # joining the group would not help
    assert "group" not in forbidden(PortSettings(str(device))).facts
    device.chmod(0o660)

    def nameless(gid: int) -> grp.struct_group:
        raise KeyError(gid)

    monkeypatch.setattr(grp, "getgrgid", nameless)
    assert "group" not in forbidden(PortSettings(str(device))).facts


def test_the_cause_behind_an_exception_is_found():
    assert cause_of(caught(errno.EIO)) == (errno.EIO, "Input/output error")
