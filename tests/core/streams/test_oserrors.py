"""The system's errors in our words, with POSIX numbers and with those of Windows."""

from __future__ import annotations

import errno
import os
import socket
import sys

import pytest

from bascule.errors import DialError, ErrorCode, ListenError, StreamError
from bascule.streams.oserrors import (
    dial_error,
    listen_error,
    number_of,
    reason_of,
    stream_error,
)


def system(number: int) -> OSError:
    return OSError(number, os.strerror(number))


def windows(winerror: int, number: int) -> OSError:
    """As Windows raises it: its own number beside a translation that is often EINVAL."""
    error = OSError(number, "words")
    error.winerror = winerror  # pyright: ignore[reportAttributeAccessIssue]
    return error


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ECONNRESET, ErrorCode.CONNECTION_RESET),
        (errno.EPIPE, ErrorCode.CONNECTION_RESET),
        (errno.ECONNABORTED, ErrorCode.CONNECTION_RESET),
        (errno.ETIMEDOUT, ErrorCode.CONNECTION_BROKEN),
        (errno.EHOSTUNREACH, ErrorCode.CONNECTION_BROKEN),
    ],
)
def test_on_an_open_connection(number: int, code: ErrorCode):
    error = stream_error(system(number))
    assert isinstance(error, StreamError)
    assert error.code is code
    assert error.message


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (system(errno.ECONNREFUSED), ErrorCode.CONNECTION_REFUSED),
        (system(errno.ETIMEDOUT), ErrorCode.TIMED_OUT),
        (system(errno.EHOSTUNREACH), ErrorCode.UNREACHABLE),
        (system(errno.ENETUNREACH), ErrorCode.UNREACHABLE),
        (system(errno.ENOENT), ErrorCode.UNREACHABLE),
        (system(errno.EADDRNOTAVAIL), ErrorCode.ADDRESS_NOT_LOCAL),
        (system(errno.EACCES), ErrorCode.DIAL_FAILED),
        (socket.gaierror(socket.EAI_NONAME, "?"), ErrorCode.HOST_UNKNOWN),
        (OSError("no number"), ErrorCode.DIAL_FAILED),
    ],
)
def test_while_connecting(error: OSError, code: ErrorCode):
    ours = dial_error(error, "db.example:5432", "target.host")
    assert isinstance(ours, DialError)
    assert (ours.code, ours.field) == (code, "target.host")
    assert ours.facts["subject"] == "db.example:5432"
    assert "db.example:5432" in ours.message


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (system(errno.EADDRINUSE), ErrorCode.ADDRESS_IN_USE),
        (system(errno.EACCES), ErrorCode.ADDRESS_FORBIDDEN),
        (system(errno.EPERM), ErrorCode.ADDRESS_FORBIDDEN),
        (system(errno.EADDRNOTAVAIL), ErrorCode.ADDRESS_NOT_LOCAL),
        (socket.gaierror(socket.EAI_NONAME, "?"), ErrorCode.ADDRESS_NOT_LOCAL),
        (system(errno.EMFILE), ErrorCode.LISTEN_FAILED),
        (OSError("AF_UNIX path too long"), ErrorCode.LISTEN_FAILED),
    ],
)
def test_while_listening(error: OSError, code: ErrorCode):
    ours = listen_error(error, "127.0.0.1:80", "source.port", port=80)
    assert isinstance(ours, ListenError)
    assert (ours.code, ours.field, ours.facts["port"]) == (code, "source.port", 80)
    assert "127.0.0.1:80" in ours.message


@pytest.mark.parametrize(
    ("winerror", "number", "posix"),
    [
        (10013, errno.EACCES, errno.EACCES),
        (10048, errno.EINVAL, errno.EADDRINUSE),
        (10049, errno.EINVAL, errno.EADDRNOTAVAIL),
        (10054, errno.EINVAL, errno.ECONNRESET),
        (10061, errno.EINVAL, errno.ECONNREFUSED),
        (1225, errno.EINVAL, errno.ECONNREFUSED),
        (121, errno.EINVAL, errno.ETIMEDOUT),
        (5, errno.EACCES, errno.EACCES),
    ],
)
def test_numbers_of_windows(
    winerror: int, number: int, posix: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "platform", "win32")
    assert number_of(windows(winerror, number)) == posix
    assert number_of(OSError(winerror, "as errno")) == (posix if winerror != 5 else 5)
    assert number_of(OSError("nothing")) == 0


def test_numbers_elsewhere_are_the_systems():
    assert number_of(system(errno.EPIPE)) == errno.EPIPE
    assert number_of(OSError("nothing")) == 0


def test_what_the_system_says():
    assert reason_of(system(errno.EPIPE)) == os.strerror(errno.EPIPE)
    assert reason_of(OSError("just words")) == "just words"
    assert reason_of(ConnectionResetError()) == "ConnectionResetError"
