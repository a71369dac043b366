"""Makes the pictures of the documentation from the real window: ``python3 dev.py screenshots``.

Real relays, real traffic, a real X server; nothing is drawn by hand.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from tests.e2e.samples import workshop
from tests.helpers.screen import Screen, desktop_command, eventually, screen

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
_SECONDS_OF_TRAFFIC = 12.0
_PORTS = {
    "database": 5432,
    "echo": 8000,
    "printer": 9100,
    "proxy": 1080,
    "scale": 2001,
    "web": 8443,
}


@contextlib.contextmanager
def traffic(port: int) -> Iterator[None]:
    """Some bytes there and back through a relay, in uneven bursts, until the block ends."""
    over = threading.Event()

    def talk() -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as talker:
            turn = 0
            while not over.wait(0.2):
                turn += 1
                piece = bytes(2_000 * (1 + turn * 7 % 11))
                talker.sendall(piece)
                got = 0
                while got < len(piece):
                    got += len(talker.recv(65_536))

    thread = threading.Thread(target=talk)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def take(shown: Screen, home: Path, port: int, *, language: str, theme: str) -> None:
    """Take the pictures of one language and one theme."""
    name = (
        f"window{'' if language == 'en' else '-' + language}{'' if theme == 'light' else '-dark'}"
    )
    settings = home / "config" / "desktop.ini"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(
        f"[General]\nlanguage={language}\ntheme={theme}\nselected=database-0004\n", "utf-8"
    )
    with shown.run(*desktop_command(), env={"BASCULE_HOME": str(home)}):
        shown.expect_shown("Research database")
        eventually(lambda: "localhost" in shown.dump(), "the route of the chosen relay")
        with traffic(port):
            threading.Event().wait(_SECONDS_OF_TRAFFIC)  # so that the chart has something to show
            shown.shot_of_window(IMAGES / f"{name}.png", "Bascule")


def end_engine(home: Path) -> None:
    """End the engine that the window left running, so that its ports are free for the next."""
    file = home / "run" / "engine.json"
    os.kill(int(json.loads(file.read_text("utf-8"))["pid"]), signal.SIGTERM)
    eventually(lambda: not file.exists(), "the engine has left")


def _device() -> Path | None:
    """A name as serial ports have, where it is free and may be given."""
    usual = Path("/dev/ttyUSB0")
    return usual if os.access("/dev", os.W_OK) and not usual.exists() else None


def main() -> int:
    """Take all pictures; say where they are."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with contextlib.redirect_stdout(io.StringIO()), tempfile.TemporaryDirectory() as folder:
        for language, theme in (("en", "light"), ("fr", "dark")):
            home = Path(folder, language)
            with workshop(home, _device(), **_PORTS) as ports, screen(Path(folder)) as shown:
                take(shown, home, ports["database"], language=language, theme=theme)
                end_engine(home)
    print(f"pictures are in {IMAGES}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
