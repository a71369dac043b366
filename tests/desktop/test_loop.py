"""The loop from outside: its traps, each in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from tests.helpers.contract import PATIENCE_SECONDS

BEGIN = """
import asyncio, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from bascule_desktop import loop
app = QApplication([])
app.setQuitOnLastWindowClosed(False)
async def quiet(work):
    try:
        await asyncio.Event().wait()
    finally:
        print("finally", flush=True)
"""


def run(program: str, *, text: str = "", **environment: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + program],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert text in done.stderr, done.stderr
    return done.returncode, done.stdout


MAIN = """
async def main():
    task = asyncio.create_task(quiet("x"))
    await asyncio.sleep(0)
    {body}
print(loop.run(app, main), flush=True)
"""


def test_main_gives_its_result_and_every_finally_runs() -> None:
    assert run(MAIN.format(body="return 3")) == (0, "finally\n3\n")


def test_quit_ends_main_in_order() -> None:
    body = 'QTimer.singleShot(0, app.quit)\n    await quiet("main")'
    assert run(MAIN.format(body=body)) == (0, "finally\nfinally\n0\n")


def test_an_exception_of_main_is_not_taken_for_quitting() -> None:
    status, said = run(MAIN.format(body="raise RuntimeError('wrong')"), text="wrong")
    assert (status, said) == (1, "finally\n")


def test_a_thread_that_nobody_waits_for_is_heard_before_the_loop_ends() -> None:
    program = """
import gc, threading
from bascule_desktop.threads import beside
begun, go_on = threading.Event(), threading.Event()
def work():
    begun.set()
    go_on.wait()
    print(sum(range(20_000_000)), flush=True)
async def main():
    task = asyncio.create_task(beside(work))
    while not begun.is_set():
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    go_on.set()
    return 0
print(loop.run(app, main), gc.isenabled(), flush=True)
"""
    assert run(program) == (0, "199999990000000\n0 True\n")


def test_another_qt_in_the_environment_is_ignored() -> None:
    status, said = run(MAIN.format(body="return 0"), QT_API="pyqt5")
    assert (status, said) == (0, "finally\n0\n")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_is_heard_while_qt_waits(number: signal.Signals) -> None:
    body = (
        "import signal\n"
        "    left = asyncio.Event()\n"
        "    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, left.set)\n"
        "    print('ready', flush=True)\n"
        "    await left.wait()\n"
        "    return 0"
    )
    program = BEGIN + MAIN.format(body=body)
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdout=-1, stderr=-1, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        said, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert said == ("finally\n0\n" if number is signal.SIGTERM else "finally\n")
