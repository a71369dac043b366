"""Owns the start of the desktop's process: one window a user, and a report if it cannot start."""

from __future__ import annotations

import argparse
import sys

from PySide6.QtWidgets import QApplication

from bascule import __version__
from bascule.places import find_places
from bascule_desktop import launcher, loop
from bascule_desktop.crash import CrashReporter
from bascule_desktop.single_instance import SingleInstance


def main(arguments: list[str] | None = None) -> int:
    """Start the desktop, or raise the one that runs; the exit status."""
    # What is left is for Qt, such as ``-platform offscreen``.
    options, for_qt = make_parser().parse_known_args(arguments)
    places = find_places()
    app = _application(for_qt)
    if options.selftest is not None:
        from bascule_desktop.selftest import run_selftest  # only here, and only then

        return run_selftest(app, options.selftest)
    crash = CrashReporter(places)
    crash.install()
    instance = SingleInstance(places.runtime)
    try:
        # One that neither answers nor ends keeps nobody out: a second window does no harm.
        if not instance.claim() and (options.hidden or instance.ask_to_raise()):
            return 0
        crash.watch_native()

        from bascule_desktop.app import run_desktop  # after the question whether it is needed

        return loop.run(
            app, lambda: run_desktop(app, places, instance, crash, hidden=options.hidden)
        )
    except Exception as exc:  # whatever it is, a person without a terminal must see it
        crash.report(exc)
        loop.run(app, lambda: _until_read(crash))
        return 1
    finally:
        instance.release()
        crash.uninstall()
        if crash.restart_wanted:
            launcher.start_again()


async def _until_read(crash: CrashReporter) -> int:
    await crash.until_read()
    return 1


def _application(for_qt: list[str]) -> QApplication:
    app = QApplication([sys.argv[0], *for_qt])
    app.setApplicationName("Bascule")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("bascule")
    # A closed window goes to the tray; the program ends when main does.
    app.setQuitOnLastWindowClosed(False)
    return app


def make_parser() -> argparse.ArgumentParser:
    """Everything that can be typed, and its help."""
    parser = argparse.ArgumentParser(prog="bascule-desktop", description="Bascule's window.")
    parser.add_argument("--hidden", action="store_true", help="start in the tray, as at login")
    parser.add_argument(
        "--selftest",
        nargs="?",
        const="",
        metavar="FILE",
        help="look whether this installation is whole, write the result to FILE, and end",
    )
    parser.add_argument("--version", action="version", version=f"Bascule {__version__}")
    return parser


if __name__ == "__main__":
    sys.exit(main())
