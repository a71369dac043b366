"""One window a user: with two real processes, and a line that other versions may send."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from bascule_desktop import single_instance as module
from bascule_desktop.single_instance import SingleInstance, server_name
from tests.helpers.contract import PATIENCE_SECONDS

WAIT = int(PATIENCE_SECONDS * 1000)

SECOND = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from bascule_desktop.single_instance import SingleInstance
app = QCoreApplication([])
instance = SingleInstance(Path(sys.argv[1]))
files = [Path(word) for word in sys.argv[2:] if word != "stay"]
print(instance.claim() or instance.ask_to_raise(files) and "raised", flush=True)
if sys.argv[2:] == ["stay"]:
    sys.stdin.read()
"""

WAITING = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from bascule_desktop import single_instance as module
from bascule_desktop.single_instance import SingleInstance
module._PATIENCE_SECONDS = float(sys.argv[2])
app = QCoreApplication([])
instance = SingleInstance(Path(sys.argv[1]))
print(instance.claim(), flush=True)
print("raised" if instance.ask_to_raise() else instance.is_first, flush=True)
"""


ASKING = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from bascule_desktop.single_instance import SingleInstance
app = QCoreApplication([])
print(SingleInstance(Path(sys.argv[1])).ask_to_leave(), flush=True)
"""


def second(folder: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SECOND, str(folder), *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "run"


@pytest.fixture
def first(folder: Path) -> Iterator[SingleInstance]:
    instance = SingleInstance(folder)
    assert instance.claim()
    yield instance
    instance.release()


def test_a_second_process_raises_the_first(
    first: SingleInstance, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "clicked-1")
    with qtbot.waitSignal(first.raise_wanted, timeout=WAIT) as raised:
        other = second(folder)
    assert raised.args == ["clicked-1"]
    assert other.communicate(timeout=PATIENCE_SECONDS)[0] == "raised\n"


def test_a_second_process_hands_its_files_over(
    first: SingleInstance, folder: Path, qtbot: QtBot
) -> None:
    raised = QSignalSpy(first.raise_wanted)
    files = [folder / "été.bascule", folder / "b c.bascule"]
    with qtbot.waitSignal(first.open_wanted, timeout=WAIT) as opened:
        other = second(folder, *map(str, files))
    assert opened.args == [files]
    assert raised.count() == 1
    assert other.communicate(timeout=PATIENCE_SECONDS)[0] == "raised\n"


def test_a_killed_first_leaves_room(folder: Path) -> None:
    killed = second(folder, "stay")
    assert killed.stdout is not None
    assert killed.stdout.readline() == "True\n"
    assert not SingleInstance(folder).claim()
    killed.kill()
    killed.communicate()
    instance = SingleInstance(folder)
    assert instance.claim()
    instance.release()


@pytest.fixture
def waiting(folder: Path) -> Callable[[], subprocess.Popen[str]]:
    """A second start, as soon as it has found that it is not the first."""

    def start() -> subprocess.Popen[str]:
        made = subprocess.Popen(
            [sys.executable, "-c", WAITING, str(folder), str(PATIENCE_SECONDS)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert made.stdout is not None
        assert made.stdout.readline() == "False\n"
        return made

    return start


def test_a_first_that_dies_while_it_is_waited_for_leaves_its_place(
    folder: Path, waiting: Callable[[], subprocess.Popen[str]]
) -> None:
    killed = second(folder, "stay")  # it holds the place, and answers nobody
    assert killed.stdout is not None
    assert killed.stdout.readline() == "True\n"
    other = waiting()
    killed.kill()
    killed.communicate()
    assert other.communicate(timeout=PATIENCE_SECONDS)[0] == "True\n"


def test_a_first_that_is_slow_to_begin_is_waited_for(
    first: SingleInstance, qtbot: QtBot, waiting: Callable[[], subprocess.Popen[str]]
) -> None:
    assert module._PATIENCE_SECONDS >= 10  # a virus scanner may read all of a program first
    other = waiting()
    # Until here nothing is answered, as by one that is still loading.
    with qtbot.waitSignal(first.raise_wanted, timeout=WAIT):
        pass
    assert other.communicate(timeout=PATIENCE_SECONDS)[0] == "raised\n"


def test_another_home_is_another_instance(first: SingleInstance, tmp_path: Path) -> None:
    other = SingleInstance(tmp_path / "other")
    assert other.claim()
    other.release()


def test_room_is_made_in_order(folder: Path) -> None:
    for _ in range(2):
        instance = SingleInstance(folder)
        assert instance.claim()
        instance.release()
    SingleInstance(folder).release()  # one that never claimed


def test_a_first_that_does_not_listen_is_not_waited_for_long(
    first: SingleInstance, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PATIENCE_SECONDS", 0.05)
    assert first._server is not None
    first._server.close()
    assert not SingleInstance(folder).ask_to_raise()


def test_a_first_that_does_not_answer_is_not_waited_for_long(
    first: SingleInstance, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # In one process nobody answers while the question blocks.
    monkeypatch.setattr(module, "_PATIENCE_SECONDS", 0.05)
    assert not SingleInstance(folder).ask_to_raise()


def say(folder: Path, line: bytes, qtbot: QtBot) -> bytes:
    socket = QLocalSocket()
    socket.connectToServer(server_name(folder))
    with qtbot.waitSignal(socket.disconnected, timeout=WAIT):
        socket.write(line)
    return bytes(socket.readAll().data())


@pytest.mark.parametrize(
    "line",
    [
        b'{"protocol": 2, "verb": "raise"}\n',
        b'{"protocol": 1, "verb": "dance"}\n',
        b"GET / HTTP/1.1\r\n",
        b"[]\n",
        b"[" * 4000 + b"\n",
        b'{"protocol": 1, "verb": "open"}\n',
        b'{"protocol": 1, "verb": "open", "files": ["a.bascule", 7]}\n',  # of which folder?
        b'{"protocol": 1, "verb": "open", "files": {"a": 1}}\n',
    ],
)
def test_what_is_not_understood_raises_nothing(
    first: SingleInstance, folder: Path, qtbot: QtBot, line: bytes
) -> None:
    with qtbot.assertNotEmitted(first.raise_wanted):
        assert say(folder, line, qtbot) == b'{"protocol": 1, "done": false}\n'


def test_a_flood_is_cut_off(first: SingleInstance, folder: Path, qtbot: QtBot) -> None:
    assert say(folder, b"x" * 100_000, qtbot) == b""


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of Windows have no path")
def test_a_folder_too_deep_for_a_socket_has_a_short_name(tmp_path: Path, folder: Path) -> None:
    assert server_name(folder) == str(folder / "desktop.sock")
    deep = tmp_path / ("d" * 100)
    name = server_name(deep)
    assert len(name) < 40
    assert name != server_name(tmp_path / ("e" * 100))
    instance = SingleInstance(deep)
    assert instance.claim()
    instance.release()


def test_who_asks_the_first_to_leave_waits_until_it_has(
    first: SingleInstance, folder: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(first.leave_wanted, timeout=WAIT):
        asking = subprocess.Popen(
            [sys.executable, "-c", ASKING, str(folder)], stdout=subprocess.PIPE, text=True
        )
    assert asking.poll() is None
    first.release()
    assert asking.communicate(timeout=PATIENCE_SECONDS)[0] == "True\n"


def test_nobody_is_there_to_leave(folder: Path) -> None:
    assert not SingleInstance(folder).ask_to_leave()
    assert not folder.exists()
    folder.mkdir()
    assert not SingleInstance(folder).ask_to_leave()
    assert SingleInstance(folder).claim()
