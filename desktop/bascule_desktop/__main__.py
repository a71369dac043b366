"""Owns the start of the desktop's process: one window a user, and a report if it cannot start."""

from __future__ import annotations

import argparse
import sys

from bascule import __version__
from bascule.places import find_places
from bascule_desktop import launcher, loop, qt_memory
from bascule_desktop.application import Application
from bascule_desktop.crash import CrashReporter
from bascule_desktop.opened_files import OpenedFiles
from bascule_desktop.profile_file import meant_files
from bascule_desktop.single_instance import SingleInstance


def main(arguments: list[str] | None = None) -> int:
    """Start the desktop, or raise the one that runs; the exit status."""
    options, left = make_parser().parse_known_args(arguments)
    for_qt, words = split_words(left)
    files = meant_files(words)
    places = find_places()
    app = _application(for_qt)
    if options.selftest is not None:
        from bascule_desktop.selftest import run_selftest  # only here, and only then

        return run_selftest(app, options.selftest)
    if places.portable is not None:
        qt_memory.keep_in(places.config)
    opened = OpenedFiles(app, files)
    if options.leave:
        return 0 if SingleInstance(places.runtime).ask_to_leave() else 1
    if options.make_way or options.come_back:
        from bascule_desktop.making_way import come_back, make_way  # only for who installs

        if options.make_way:
            return 0 if make_way(places.runtime) else 1
        if not come_back(places.runtime):
            return 0
        options.hidden = True
    crash = CrashReporter(places)
    crash.install()
    instance = SingleInstance(places.runtime)
    try:
        # One that neither answers nor ends keeps nobody out: a second window does no harm.
        if not instance.claim():
            quiet = options.hidden and not files
            if quiet or instance.ask_to_raise(files):
                return 0
        if instance.is_first:
            crash.watch_native()

        from bascule_desktop.app import run_desktop  # after the question whether it is needed

        return loop.run(
            app, lambda: run_desktop(app, places, instance, crash, opened, hidden=options.hidden)
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


def _application(for_qt: list[str]) -> Application:
    app = Application([sys.argv[0], *for_qt])
    app.setApplicationName("Bascule")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("bascule")
    # A closed window goes to the tray; the program ends when main does.
    app.setQuitOnLastWindowClosed(False)
    return app


def split_words(words: list[str]) -> tuple[list[str], list[str]]:
    """What our own options leave of a command line: words for Qt (``-platform offscreen``: each
    with its value), and files to open.
    """
    for_qt: list[str] = []
    files: list[str] = []
    for number, word in enumerate(words):
        if word == "--":
            return for_qt, [*files, *words[number + 1 :]]
        value = number > 0 and words[number - 1].startswith("-")
        (for_qt if word.startswith("-") or value else files).append(word)
    return for_qt, files


def make_parser() -> argparse.ArgumentParser:
    """Everything that can be typed, and its help."""
    parser = argparse.ArgumentParser(
        prog="bascule-desktop",
        description="Bascule's window. A FILE is a profile, which is offered for import.",
    )
    parser.add_argument("--hidden", action="store_true", help="start in the tray, as at login")
    parser.add_argument(
        "--leave",
        action="store_true",
        help="end the window that runs, without a question, as before an update; relays go on",
    )
    parser.add_argument(
        "--make-way",
        action="store_true",
        help="end the window and the engine that run, without a question, as before an update",
    )
    parser.add_argument(
        "--come-back",
        action="store_true",
        help="start what --make-way has ended, and the relays that ran",
    )
    parser.add_argument(
        "--selftest",
        nargs="?",
        const="",
        metavar="FILE",
        help="look whether this installation is whole, write the result to FILE, and end",
    )
    parser.add_argument("--version", action="version", version=f"Bascule {__version__}")
    # As an argument of its own it would take the words for Qt as well.
    parser.usage = f"{parser.format_usage().removeprefix('usage: ').rstrip()} [FILE ...]"
    return parser


if __name__ == "__main__":
    sys.exit(main())
