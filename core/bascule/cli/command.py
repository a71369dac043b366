"""Owns the words of the command line: what can be typed, and which function does it.

Exit codes: 0 done; 1 it could not be done (the sentence is on stderr); 2 the words were not
understood; 3 the engine is not running; 130 interrupted.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bascule import __version__
from bascule.errors import BasculeError, ErrorCode

if TYPE_CHECKING:
    import argparse

EXIT_FAILED = 1
EXIT_NO_ENGINE = 3
EXIT_INTERRUPTED = 130


def run(words: Sequence[str]) -> int:
    """Do what the words say and return the exit code."""
    if words and words[0] == "relay":  # its words are socat's, and it starts without ours
        from bascule.cli.relay import relay

        return relay(words[1:])
    parser = make_parser()
    options = parser.parse_args(words)
    if options.command == "engine" and options.resume and not options.stop:
        parser.error("--resume needs --stop")
    if options.command == "service" and options.purge and options.verb != "remove":
        parser.error("--purge goes with remove only")
    try:
        if options.engine == "service":
            from bascule.cli.service import meet_service

            meet_service()
        code = _do(options)
        print(end="", flush=True)  # a reader that is gone shall be noticed here
        return code
    except BasculeError as exc:
        from bascule.cli.say import say  # it may hold what somebody else wrote

        say(f"bascule: {exc.message}", aside=True)
        if exc.code is not ErrorCode.ENGINE_NOT_RUNNING:
            return EXIT_FAILED
        if options.engine == "own" and options.command != "engine":
            from bascule.service.definition import typed

            print(f"Open the window, or type `{typed('engine')}`: it runs here.", file=sys.stderr)
        return EXIT_NO_ENGINE
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except OSError as exc:
        if _reader_is_gone(exc):
            # `bascule list | head`: nothing is wrong with us. What is still held for it goes
            # nowhere, else Python would complain at the very end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        where = f"{exc.filename}: " if exc.filename else ""
        print(f"bascule: {where}{exc.strerror or exc}", file=sys.stderr)
        return EXIT_FAILED


def _reader_is_gone(exc: OSError) -> bool:
    """Whether nobody reads the pipe any more that we write into; Windows says EINVAL of that."""
    of_windows = sys.platform == "win32" and exc.errno == errno.EINVAL and exc.filename is None
    return isinstance(exc, BrokenPipeError) or of_windows


def _do(options: argparse.Namespace) -> int:
    # Each command imports what it needs, so that none waits for the others' modules.
    match options.command:
        case "engine":
            if options.stop:
                from bascule.cli.ending import end

                return end(resume=options.resume)
            from bascule.cli.serve import serve

            return serve(tcp=options.tcp, leave_seconds=options.leave_after)
        case "run":
            from bascule.cli.foreground import run_file

            return run_file(options.file)
        case "check":
            from bascule.cli.check import check

            return check(
                options.address,
                within=options.within,
                first_byte=options.first_byte,
                every=options.every,
            )
        case "service":
            from bascule.cli.service import service

            return service(options.verb, purge=options.purge, quiet=options.quiet)
        case "share":
            from bascule.cli.share import share

            return share(options)
        case "update":
            from bascule.cli.update import update

            return update(as_json=options.json)
        case "diagnose":
            from bascule.cli.diagnose import diagnose

            return diagnose(options.file, hosts=not options.without_hosts)
        case "demo":
            from bascule.cli.demo import demonstrate

            return demonstrate()
        case _:
            from bascule.cli.verbs import do

            return do(options)


def make_parser() -> argparse.ArgumentParser:
    """Everything that can be typed, and its help."""
    import argparse  # `relay` starts without it

    from bascule.spec.export.exported import Form

    parser = argparse.ArgumentParser(
        prog="bascule",
        description="Join serial ports, TCP, TLS and SOCKS proxies. The window is bascule-desktop.",
        epilog="Exit codes: 0 done, 1 could not be done, 2 not understood, 3 the engine is not "
        "running, 130 interrupted.",
    )
    parser.add_argument("--version", action="version", version=f"bascule {__version__}")
    parser.add_argument(
        "--engine",
        choices=("own", "service"),
        default="own",
        help="whose engine a command asks: your own (own), or the service's (for administrators)",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    _add_engine(commands.add_parser("engine", help="run the engine in the foreground"))

    def add(name: str, help: str, *, json: bool = False) -> argparse.ArgumentParser:  # noqa: A002
        command = commands.add_parser(name, help=help)
        if json:
            command.add_argument("--json", action="store_true", help="print JSON")
        return command

    relay_help = "a profile's name or identifier"
    add("list", "list the profiles and their states", json=True)
    add("show", "show one profile", json=True).add_argument("relay", help=relay_help)
    add("start", "start a relay").add_argument("relay", help=relay_help)
    add("stop", "stop a relay").add_argument("relay", help=relay_help)
    status = add("status", "show what runs", json=True)
    status.add_argument("--watch", action="store_true", help="go on showing what happens")
    traffic = add("traffic", "show what passes a relay, from now on, as hex and text")
    traffic.add_argument("relay", help=relay_help)
    traffic.add_argument("--text", action="store_true", help="as text alone, without the hex")
    traffic.add_argument(
        "--save", metavar="FILE.pcapng", help="write it to a file for Wireshark instead"
    )
    importing = add(
        "import",
        "add relays from a profile, or from a command or configuration of socat, netcat, ssh and "
        "others; nothing is started",
    )
    importing.add_argument("file", help="the file; - for the input")
    confirm = add("confirm", "show the commands that an imported relay would run, and allow them")
    confirm.add_argument("relay", help=relay_help)
    confirm.add_argument("--yes", action="store_true", help="allow them from now on")
    export = add("export", "write a profile to a file, without its passwords")
    export.add_argument("relay", help=relay_help)
    export.add_argument("file", nargs="?", default="-", help="where to; - for the output")
    export.add_argument(
        "--as",
        dest="form",
        choices=[form.value for form in Form],
        metavar="PROGRAM",
        help="write it for another program; what is lost is said: %(choices)s",
    )
    foreground = add("run", "run one profile file in the foreground, without engine or window")
    foreground.add_argument("file", help="the profile's file")
    _add_relay(
        add(
            "relay",
            "join two addresses as socat does: bascule relay TCP-LISTEN:8080,fork TCP:host:80",
        )
    )
    _add_check(add("check", "try a target step by step: bascule check www.example:443"))
    _add_service(
        add("service", "let the system start the engine by itself, before anybody logs in")
    )
    _add_share(add("share", "hand out one file: a link, a QR code, and it ends by itself"))
    add("update", "say whether there is a newer Bascule; nothing is installed", json=True)
    diagnose = add("diagnose", "write what helps to find a fault into a file, without passwords")
    diagnose.add_argument("file", metavar="FILE.zip", help="where to")
    diagnose.add_argument(
        "--without-hosts", action="store_true", help="leave out names of hosts and addresses"
    )
    add("demo", "show on this computer alone that everything works")
    return parser


def _add_engine(engine: argparse.ArgumentParser) -> None:
    engine.add_argument(
        "--tcp", action="store_true", help="let clients in by loopback TCP, as on Windows"
    )
    engine.add_argument(
        "--leave-after",
        type=_seconds,
        default=30.0,
        metavar="SECONDS",
        help="leave when neither a client nor a relay has been there so long (30); inf: never",
    )
    engine.add_argument(
        "--stop",
        action="store_true",
        help="end the running engine of this user in order, of whatever version, and wait for it",
    )
    engine.add_argument(
        "--resume",
        action="store_true",
        help="with --stop, as before an update: the next engine starts the relays that ran",
    )


def _add_relay(relay: argparse.ArgumentParser) -> None:
    """For the manual alone: ``cli.relay`` reads these words by itself."""
    relay.usage = "bascule relay [--explain] [--strict] [socat's options] ADDRESS ADDRESS"
    relay.add_argument(
        "--explain", action="store_true", help="say in words what the command does, and do nothing"
    )
    relay.add_argument(
        "--strict", action="store_true", help="read the command exactly as socat 1.8 does"
    )


def _add_check(check: argparse.ArgumentParser) -> None:
    check.add_argument(
        "address", help="host:port, or an address in socat's words: OPENSSL:host:443"
    )
    limit = "limit for all steps together, in seconds (5)"
    check.add_argument("--within", type=_seconds, default=5.0, metavar="SECONDS", help=limit)
    check.add_argument(
        "--first-byte", action="store_true", help="wait until it says something, as SSH and SMTP do"
    )
    check.add_argument(
        "--every", type=_seconds, default=0.0, metavar="SECONDS", help="again and again"
    )


def _add_service(service: argparse.ArgumentParser) -> None:
    service.add_argument(
        "verb",
        choices=("install", "start", "stop", "remove", "status", "show", "run"),
        help="show: what would be installed; run: for the system only",
    )
    service.add_argument(
        "--purge", action="store_true", help="with remove: delete the service's profiles as well"
    )
    service.add_argument(
        "--quiet", action="store_true", help="install and remove say nothing (for installers)"
    )


def _add_share(share: argparse.ArgumentParser) -> None:
    share.add_argument("file", help="the file that is handed out")
    share.add_argument(
        "--host", default="0.0.0.0", help="listen on this address only (0.0.0.0: on all)"
    )
    share.add_argument("--port", type=int, default=0, help="listen on this port (a free one)")
    share.add_argument(
        "--downloads", type=int, default=1, metavar="N", help="end after so many downloads (1)"
    )
    share.add_argument(
        "--expires",
        default="24h",
        metavar="SPAN",
        help="end after this time: 30m, 1h, 2d; 0: never (24h)",
    )
    share.add_argument(
        "--certificate", default="", metavar="FILE", help="its certificate (PEM): makes it HTTPS"
    )
    share.add_argument("--key", default="", metavar="FILE", help="the key of the certificate")


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not seconds >= 0:
        import argparse

        raise argparse.ArgumentTypeError("must be a number of seconds, 0 or more")
    return seconds
