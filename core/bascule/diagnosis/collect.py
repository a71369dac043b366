"""Owns gathering a diagnosis: what is read, from where, how much of it, each as one text.

Nothing is sent anywhere and nothing is changed. What cannot be had is said in the text's place.
"""

from __future__ import annotations

import asyncio
import locale
import os
import platform
import shutil
import ssl
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bascule import __version__
from bascule.control.client import Client
from bascule.control.messages import PROTOCOL
from bascule.control.rendezvous import Rendezvous
from bascule.diagnosis.commands import LEFT_OUT
from bascule.diagnosis.redact import Redactor, harmless, words_of
from bascule.errors import BasculeError
from bascule.facts import PortInfo
from bascule.places import Places
from bascule.snapshot import ProfileView
from bascule.spec.profiles import Profile, profile_from_toml

LOG_BYTES = 64 * 1024
"""How much of the end of each log is taken."""

_REPORTS = 3
_ANSWER_SECONDS = 5.0
_PACKAGES = ("PySide6", "cryptography", "keyring", "pyserial", "qasync", "winloop")
_VARIABLES = (
    "APPIMAGE", "BASCULE_HOME", "DISPLAY", "LANG", "LC_ALL", "QT_QPA_PLATFORM", "SSL_CERT_DIR",
    "SSL_CERT_FILE", "WAYLAND_DISPLAY", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "XDG_SESSION_TYPE",
    "http_proxy", "https_proxy",
)  # fmt: skip

_ABOUT = """\
What Bascule says of itself on this computer, made {when} (UTC) for whoever helps you.
Nothing was sent anywhere: look at each file, then give this one to whom you like.

In it: versions, the settings of the window, how the relays are set up and how they do, serial \
ports, the ends of the logs and of reports of crashes.
Not in it: passwords, keys, certificates, tokens, what programs are told and what they say (of \
a command, only the program's name), names of relays and other free text, traffic, your name and \
this computer's{and_hosts}.
Relays are called relay-1, relay-2 and so on, in the order of their files.
"""

_HOSTS = "names of hosts and addresses (but what is in the name of a file, and localhost)"


@dataclass(frozen=True, slots=True)
class Entry:
    """One text of a diagnosis, and the name of its file."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class _Engine:
    """What a running engine says; ``problem`` where it says nothing."""

    views: tuple[ProfileView, ...] = ()
    ports: tuple[PortInfo, ...] = ()
    said: str = ""
    problem: str = ""


async def collect(
    places: Places, *, hosts: bool = True, more: Mapping[str, str] | None = None
) -> tuple[Entry, ...]:
    """Gather everything; without ``hosts``, without names of hosts and addresses. ``more`` are
    texts of the caller by file name, which are cleaned like the others.
    """
    engine = await _ask(places)
    profiles = _profiles(places, engine)
    redactor = _redactor(places, profiles, hosts=hosts)
    texts = {
        "versions.txt": _versions(),
        "installation.txt": _installation(places),
        "engine.txt": engine.said or engine.problem,
        "relays.txt": _relays(engine, profiles),
        "serial-ports.txt": _ports(engine),
        **_profile_texts(profiles, hosts=hosts),
        **(more or {}),
        **_logs(places.logs),
    }
    and_hosts = "" if hosts else f", {_HOSTS}"
    when = time.strftime("%Y-%m-%d %H:%M", time.gmtime())
    about = Entry("about.txt", _ABOUT.format(when=when, and_hosts=and_hosts))
    return (about, *(Entry(name, redactor.clean(text)) for name, text in texts.items()))


async def _ask(places: Places) -> _Engine:
    rendezvous = Rendezvous(places.runtime)
    try:
        async with (
            asyncio.timeout(_ANSWER_SECONDS),
            await Client.connect(rendezvous, name="diagnosis") as client,
        ):
            said = f"running: version {client.info.version}, protocol {client.info.protocol}\n"
            return _Engine(await client.profiles(), await client.serial_ports(), said)
    except BasculeError as exc:
        found = rendezvous.read()
        whose = f"\nits version {found.version}, protocol {found.protocol}" if found else ""
        return _Engine(problem=f"{exc.message}{whose}\n")
    except TimeoutError:
        return _Engine(problem=f"it does not answer within {_ANSWER_SECONDS:g} s\n")


def _profiles(places: Places, engine: _Engine) -> dict[str, Profile | str]:
    """The profiles by id, or why one cannot be read: as the engine has them, else their files."""
    if engine.said:
        return {
            view.id: view.profile or (view.broken.code if view.broken else "")
            for view in engine.views
        }
    return _read(places.profiles)


def _read(folder: Path) -> dict[str, Profile | str]:
    found: dict[str, Profile | str] = {}
    for file in sorted(folder.glob("*.toml")):
        try:
            found[file.stem] = profile_from_toml(file.read_text("utf-8"))
        except BasculeError as exc:
            found[file.stem] = exc.code
        except (OSError, UnicodeError) as exc:
            found[file.stem] = type(exc).__name__
    return found


def _redactor(places: Places, profiles: Mapping[str, Profile | str], *, hosts: bool) -> Redactor:
    deleted = _read(places.deleted)  # logs may still speak of them
    words: dict[str, str] = {}
    for profile in (*deleted.values(), *profiles.values()):
        if isinstance(profile, Profile):
            words |= words_of(profile, hosts=hosts)
    words |= dict.fromkeys(deleted, "(deleted relay)")
    words |= {id: f"relay-{number}" for number, id in enumerate(profiles, 1)}
    if (meeting := Rendezvous(places.runtime).read()) is not None:
        words[meeting.token] = LEFT_OUT
    home = Path.home()
    return Redactor(
        words | {home.name: "(user)", str(home): "~", platform.node(): "(computer)"}, hosts=hosts
    )


def _versions() -> str:
    lines = [
        f"Bascule {__version__}, protocol {PROTOCOL}",
        f"built program: {'yes' if getattr(sys, 'frozen', False) else 'no'}",
        f"Python {platform.python_version()} ({platform.python_implementation()})",
        ssl.OPENSSL_VERSION,
        f"{platform.system()} {platform.release()} {platform.machine()}",
        f"locale {locale.getlocale()[0]}, {locale.getencoding()}",
    ]
    if sys.platform == "linux":
        try:
            lines.append(platform.freedesktop_os_release().get("PRETTY_NAME", ""))
        except OSError:
            pass  # a system without that file
    for package in _PACKAGES:
        try:
            lines.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    lines += [f"{name} is set" for name in _VARIABLES if os.environ.get(name)]
    return _lines(lines)


def _installation(places: Places) -> str:
    """Whether the folders can be used, and where authorities are looked for."""
    lines = [f"program: {sys.executable}"]
    for name in ("config", "state", "runtime"):
        folder: Path = getattr(places, name)
        lines.append(f"{name}: {folder}: {_usable(folder)}")
    paths = ssl.get_default_verify_paths()
    lines.append(f"authorities: {paths.cafile or '-'}, {paths.capath or '-'}")
    return _lines(lines)


def _usable(folder: Path) -> str:
    try:
        free = shutil.disk_usage(folder).free // 2**20
    except OSError as exc:
        return exc.strerror or str(exc)
    return f"{'writable' if os.access(folder, os.W_OK) else 'not writable'}, {free} MiB free"


def _relays(engine: _Engine, profiles: Mapping[str, Profile | str]) -> str:
    if not engine.said:
        return _lines([f"{id}: no engine runs" for id in profiles])
    lines: list[str] = []
    for view in engine.views:
        status = view.status
        lines.append(f"{view.id}: {status.state}")
        lines += [f"  listens on {address}" for address in status.listening]
        lines.append(f"  {view.connection_count} connections, {view.up} up, {view.down} down")
        if status.problem is not None:
            lines.append(f"  {status.problem.code}: {status.problem.message}")
    return _lines(lines)


def _ports(engine: _Engine) -> str:
    return _lines(
        f"{port.device}: {port.description} (USB {port.vid or 0:04x}:{port.pid or 0:04x})"
        for port in engine.ports
    )


def _profile_texts(profiles: Mapping[str, Profile | str], *, hosts: bool) -> dict[str, str]:
    import tomli_w  # only needed where profiles are written

    return {
        f"profiles/relay-{number}.toml": tomli_w.dumps(harmless(profile, hosts=hosts))
        if isinstance(profile, Profile)
        else f"# cannot be read: {profile}\n"
        for number, profile in enumerate(profiles.values(), 1)
    }


def _logs(folder: Path) -> dict[str, str]:
    reports = sorted(folder.glob("desktop-crash-*.txt"))[-_REPORTS:]
    files = [folder / "engine.log", folder / "engine-crash.log", *reports]
    files += sorted(folder.glob("desktop-native*.log"))
    return {f"logs/{file.name}": _tail(file) for file in files if file.is_file()}


def _tail(file: Path) -> str:
    try:
        with file.open("rb") as held:
            size = held.seek(0, os.SEEK_END)
            held.seek(max(0, size - LOG_BYTES))
            said = held.read(LOG_BYTES)
    except OSError as exc:
        return f"cannot be read: {exc.strerror or exc}\n"
    text = said.decode("utf-8", "replace").replace("\r\n", "\n")  # as Windows ends a line
    # The first line may be half a password, of which nothing could be recognised.
    return text if size <= LOG_BYTES else text.partition("\n")[2]


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines) or "none\n"
