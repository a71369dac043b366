"""Profiles as people have them, and what they lead to, for window tests and pictures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from bascule.spec.endpoints import ProxyHop, SerialPort, ServerTls, TcpConnect, TcpListen
from bascule.spec.profiles import Profile, profile_to_toml
from bascule.spec.relays import RelaySpec
from tests.helpers.cable import socat_cable
from tests.helpers.certificates import make_files
from tests.helpers.ports import free_port
from tests.helpers.processes import listening, start


def write_profiles(home: Path, *profiles: Profile) -> None:
    """Put profiles where the engine of ``home`` finds them."""
    folder = home / "config" / "profiles"
    folder.mkdir(parents=True, exist_ok=True)
    for profile in profiles:
        (folder / f"{profile.id}.toml").write_text(profile_to_toml(profile), "utf-8")


@contextmanager
def workshop(home: Path, device: Path | None = None, **fixed: int) -> Iterator[dict[str, int]]:
    """A small company's relays, some of them running, some in trouble; yields ports by name.

    ``device`` and ``fixed`` are the serial port and the ports that a picture shall show; the others
    are free ones.
    """
    cable = device or home / "ttyUSB0", home / "scale"
    home.mkdir(parents=True, exist_ok=True)
    names = ("echo", "proxy", "scale", "web", "printer", "database")
    ports = {name: fixed.get(name) or free_port() for name in names}
    files = make_files(home / "config" / "certificates")
    with (
        start(
            "socat",
            f"TCP-LISTEN:{ports['echo']},bind=127.0.0.1,fork,reuseaddr",
            "PIPE",
            ready=listening(ports["echo"]),
        ),
        start(
            "microsocks",
            "-i",
            "127.0.0.1",
            "-p",
            str(ports["proxy"]),
            ready=listening(ports["proxy"]),
        ),
        socat_cable(*cable),
    ):
        hops = (ProxyHop("5", "127.0.0.1", ports["proxy"]),) * 2
        echo = TcpConnect("127.0.0.1", ports["echo"])
        scale = Profile(
            "scale-0001",
            "Scale at gate 2",
            RelaySpec(TcpListen(ports["scale"]), SerialPort(str(cable[0]))),
            "Workshop",
            autostart=True,
        )
        write_profiles(
            home,
            scale,
            replace(
                scale,
                id="label-printer-0002",
                name="Label printer",
                relay=RelaySpec(TcpListen(ports["printer"]), SerialPort("/dev/ttyUSB7", 19200)),
            ),
            Profile(
                "intranet-0003",
                "Intranet over HTTPS",
                RelaySpec(
                    TcpListen(ports["web"], tls=ServerTls(files.certificate, files.key)), echo
                ),
                "Office",
                autostart=True,
            ),
            Profile(
                "database-0004",
                "Research database",
                RelaySpec(TcpListen(ports["database"]), replace(echo, host="localhost", via=hops)),
                "Laboratory",
                autostart=True,
            ),
            Profile(
                "backup-0005",
                "Old backup server",
                RelaySpec(TcpListen(ports["echo"]), TcpConnect("backup.example", 8000)),
                "Office",
                autostart=True,
            ),
        )
        yield ports
