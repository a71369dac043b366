"""Nothing of a command is left in a line of a log, whichever version wrote it; what helps is."""

from __future__ import annotations

import pytest

from bascule.diagnosis.commands import LEFT_OUT, without_commands

LINE = "2026-11-22 08:30:00,123 INFO    mail-1: "
OLD = "curl -u me:pw https://far.example/a/very/long/way/that/is/cut/off…"


@pytest.mark.parametrize(
    ("said", "left"),
    [
        (f"127.0.0.1:5 is connected to {OLD}", f"127.0.0.1:5 is connected to {LEFT_OUT}"),
        ("127.0.0.1:5 is connected to nc a 1", f"127.0.0.1:5 is connected to {LEFT_OUT}"),
        ("127.0.0.1:5 is connected to PW=x", f"127.0.0.1:5 is connected to {LEFT_OUT}"),
        ("[::1]:5 is connected to a:1, else nc pw x", f"[::1]:5 is connected to {LEFT_OUT}"),
        ("plink -pw x is connected to a:1", f"{LEFT_OUT} is connected to a:1"),
        ("127.0.0.1:5: nc pw ended with status 1", f"127.0.0.1:5: {LEFT_OUT} ended with status 1"),
        (
            "nc pw ended with status 1: bad password pw; trying again in 5 s",
            f"{LEFT_OUT} ended with status 1: {LEFT_OUT}; trying again in 5 s",
        ),
        (
            "nc pw was killed by signal 9 (SIGKILL): pw",
            f"{LEFT_OUT} was killed by signal 9 (SIGKILL): {LEFT_OUT}",
        ),
        ("nc pw can be reached again", f"{LEFT_OUT} can be reached again"),
        ("nc pw is too slow: bytes waited", f"{LEFT_OUT} is too slow: bytes waited"),
        (
            "cannot start nc pw: no; trying again in 5 s",
            f"cannot start {LEFT_OUT}: no; trying again in 5 s",
        ),
        ("nothing can be sent to nc pw", f"nothing can be sent to {LEFT_OUT}"),
        (
            "nc pw: it left; the next target takes its place",
            f"{LEFT_OUT}; the next target takes its place",
        ),
        (
            "nc pw has finished: 1 bytes up, 0 bytes down",
            f"{LEFT_OUT} has finished: 1 bytes up, 0 bytes down",
        ),
    ],
)
def test_what_a_program_was_told_or_said_goes(said: str, left: str):
    before, after = f"{LINE}listening on [::]:80\n", f"\n{LINE}stopped\n"
    assert without_commands(f"{before}{LINE}{said}{after}") == f"{before}{LINE}{left}{after}"
    assert without_commands(f"  program_failed: {said}") == f"  program_failed: {left}"


@pytest.mark.parametrize(
    "said",
    [
        "127.0.0.1:5 is connected to curl …",
        "127.0.0.1:5 is connected to sh -c …",
        "127.0.0.1:5 is connected to cat",
        "127.0.0.1:5 is connected to PASSWORD=…",
        "127.0.0.1:5 is connected to 10.0.0.3:4001, else [::1]:4001",
        r"127.0.0.1:5 is connected to C:\data\a.txt and /dev/ttyUSB0",
        "127.0.0.1:5: curl … ended with status 7",
        "curl … ended with status 7; trying again in 5 s",
        "127.0.0.1:5 has finished: 1 bytes up, 0 bytes down",
        "127.0.0.1:5 was refused: there are already 3 connections",
        "10.0.0.3:4001: the connection broke: x; the next target takes its place",
        "cannot connect to 10.0.0.3:4001: x; the next target takes its place",
        "10.0.0.3:4001 refuses the connection; the next target takes its place",
        "cannot start curl …: Argument list too long",
        "the name far.example is not known; trying again in 1 s",
        "/dev/ttyUSB0 is in use by minicom (42)",
    ],
)
def test_what_helps_stays(said: str):
    assert without_commands(f"{LINE}{said}\n") == f"{LINE}{said}\n"


def test_other_lines_are_left_alone():
    text = (
        "2026-11-22 08:30:00,123 INFO    engine 0.1.0 listens on unix:/run/user/1/engine.sock\n"
        'Traceback (most recent call last):\n  File "a b.py", line 3, in run\n'
    )
    assert without_commands(text) == text
