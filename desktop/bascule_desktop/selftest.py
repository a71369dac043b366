"""Owns ``bascule-desktop --selftest``: whether this installation is whole, proved by using it.

What only an installed program can lack is looked at: files that ship with it, both languages, what
draws its window on a real screen (though none is opened), the engine beside it, which then shows by
itself that it moves bytes, verifies certificates, goes through proxies and finds serial ports.
Nothing of the user's is read or written.
"""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QPluginLoader
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from bascule import __version__
from bascule_desktop.language import LANGUAGES, install_language
from bascule_desktop.launcher import no_window, program_command
from bascule_desktop.recipes.shelf import load_recipes
from bascule_desktop.resources import resource

_DEMO_SECONDS = 90
_ON_SCREEN = {"win32": ("qwindows",), "darwin": ("qcocoa",)}.get(sys.platform, ("qxcb", "qwayland"))
"""Qt's plugins that show a window on this system."""

_OUR_WORDS = ("Quit", "Stop them and quit")
_WORDS_OF_QT = ("QPlatformTheme", "Cancel")
"""Context and text; Qt's own translations answer, so ours must not take them up."""


def run_selftest(app: QApplication, report: str = "") -> int:
    """Look at everything and write a line each to the output, or to the file ``report`` (a Windows
    program with a window has no output). 0 if all is well, else 1.
    """
    checks: dict[str, Callable[[], str]] = {
        "what ships with it": _resources,
        "languages": lambda: _languages(app),
        "on the screen": _screen,
        "engine": _engine,
    }
    lines = [f"Bascule {__version__}"]
    failed = 0
    for title, look in checks.items():
        try:
            lines.append(f"✓ {title}: {look()}")
        except (OSError, ValueError, subprocess.SubprocessError) as exc:
            failed += 1
            lines.append(f"✗ {title}: {exc}")
    lines.append(f"{len(checks) - failed} passed, {failed} failed")
    text = "\n".join(lines) + "\n"
    if report:
        Path(report).write_text(text, encoding="utf-8")
    elif (output := sys.stdout) is not None:
        if isinstance(output, io.TextIOWrapper):
            output.reconfigure(errors="replace")  # not every output has a ✓
        output.write(text)
        output.flush()
    return 1 if failed else 0


def _resources() -> str:
    drawings = list(resource("icons").glob("*.svg"))
    broken = [file.name for file in drawings if not QSvgRenderer(str(file)).isValid()]
    if broken or not drawings:
        raise ValueError(f"drawings that cannot be read: {', '.join(broken) or 'all'}")
    resource("style.qss")
    return f"{len(drawings)} drawings, {len(load_recipes())} recipes"


def _languages(app: QApplication) -> str:
    said: list[str] = []
    for language in LANGUAGES:
        spoken = install_language(app, language)
        own = QCoreApplication.translate(*_OUR_WORDS)
        of_qt = QCoreApplication.translate(*_WORDS_OF_QT)
        is_english = (own, of_qt) == ("Stop them and quit", "Cancel")
        if spoken != language or is_english != (language == "en"):
            raise ValueError(f"{language} says {own!r} and {of_qt!r}")
        said.append(f"{own} / {of_qt}")
    return ", ".join(said)


def _screen() -> str:
    """Load each plugin, with the libraries of the system that it needs: it opens no screen."""
    folders = [Path(path, "platforms") for path in QCoreApplication.libraryPaths()]
    for name in _ON_SCREEN:
        files = [file for folder in folders for file in folder.glob(f"*{name}*")]
        if not files:
            raise ValueError(f"there is no plugin {name} of Qt, so no window can be shown")
        loader = QPluginLoader(str(files[0]))
        if not loader.load():
            why = loader.errorString()
            raise ValueError(f"the plugin {name} of Qt, which shows windows, cannot start: {why}")
    return ", ".join(_ON_SCREEN)


def _engine() -> str:
    done = subprocess.run(
        [*program_command(), "demo"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=_DEMO_SECONDS,
        check=False,
        creationflags=no_window(),
    )
    seen = done.stdout.decode("utf-8", "replace").strip()
    if done.returncode:
        raise ValueError(f"status {done.returncode}: {seen}")
    return seen.replace("\n", "\n    ")
