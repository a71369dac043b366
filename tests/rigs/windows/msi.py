#!/usr/bin/env python3
"""Tries the MSI as administrators do: installed with the service, used, upgraded, and removed without a trace.

usage: msi.py DIR     DIR is the rig of make.sh, with the built program in DIR/bascule/dist/bascule

wixl runs on Linux, Windows Installer is wine's. As ``ends.py`` and ``service.py``, whose tools it uses.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ends import BULK, Ends, answer, connected, port_of, run, same
from service import Computer, computer, refused

from installer.facts import NAME, TITLE  # ends.py has put the checkout on the path

OLDER, NEWER = "0.0.1", "0.0.2"
DRIVE = Path("chroot/opt/wine/drive_c")
COMMAND = f"C:/Program Files/{TITLE}/{NAME}.exe"
FEATURES = "ADDLOCAL=Program,Association,Service"
UNINSTALL = r"HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall"
_MAKE = "import sys, pathlib as p; from installer.windows import msi; msi.build(p.Path(sys.argv[1]), sys.argv[2], p.Path(sys.argv[3]))"


def packages(ends: Ends) -> dict[str, str]:
    """The MSI of both versions, as Windows names them."""
    top = Path(__file__).resolve().parents[3]
    made = {}
    for version in (OLDER, NEWER):
        words = [ends.rig / "bascule" / "dist" / NAME, version, ends.folder]
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        subprocess.run([sys.executable, "-c", _MAKE, *words], check=True, cwd=top, env=environment)
        made[version] = rf"Z:\rig\ends\{NAME}-{version}.msi"
    return made


def files(rig: Path) -> set[str]:
    """Everything on drive C but what Windows Installer and its user keep for themselves."""
    drive = rig / DRIVE
    skipped = ("windows/", "users/root/Temp", "users/root/AppData/Local/Temp", "pyc/")
    found = (path.relative_to(drive).as_posix() for path in drive.rglob("*"))
    return {name for name in found if not name.startswith(skipped)}


@contextmanager
def greeted(port: int, authority: str) -> Iterator[ssl.SSLSocket]:
    """A client in TLS that trusts that authority alone."""
    context = ssl.create_default_context(cafile=authority)
    with context.wrap_socket(connected(port), server_hostname="localhost") as client:
        yield client


def echoes(port: int, authority: str) -> None:
    """What a relay that ends TLS sends back, until all of it is there."""
    with greeted(port, authority) as client:
        client.settimeout(180)
        back = bytearray()
        for at in range(0, len(BULK), 16384):
            piece = BULK[at : at + 16384]
            client.sendall(piece)
            while len(back) < at + len(piece):
                back += client.recv(65536)
        same(bytes(back), BULK)


def version_of(there: Computer) -> str:
    """Which version Windows lists; empty where none."""
    with contextlib.suppress(AssertionError):
        said = there.does("reg", "query", UNINSTALL, "/s", "/f", "DisplayVersion")
        return next(v for v in (OLDER, NEWER) if v in said)
    return ""


def rolled_out(ends: Ends) -> None:
    """Installed with the service, used in TLS, upgraded, an older one refused, removed with everything."""
    made = packages(ends)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = port_of(free)
    certificate = f"cert={ends.windows('pem')},key={ends.windows('key')},verify=0"
    pasted = f"socat OPENSSL-LISTEN:{port},bind=127.0.0.1,fork,{certificate} TCP:127.0.0.1:{ends.echo}"
    with computer(ends) as there:
        before = files(ends.rig)
        there.does("msiexec", "/i", made[OLDER], "/qn", FEATURES)
        folder = ends.rig / DRIVE / "Program Files" / TITLE
        assert json.loads((folder / "managed.json").read_text()) == {"format": 1, "updates": False}
        assert "RUNNING" in there.does("sc", "query", TITLE)
        ours = (COMMAND, "--engine", "service")
        there.does(*ours, "import", "-", given=pasted.encode())
        [relay] = json.loads(there.does(*ours, "list", "--json"))
        there.does(*ours, "start", relay["id"])
        echoes(port, ends.tls.authority)

        there.does("msiexec", "/i", made[NEWER], "/qn")  # it keeps the features that were chosen
        assert "RUNNING" in there.does("sc", "query", TITLE)
        [kept] = json.loads(there.does(*ours, "list", "--json"))
        assert kept["id"] == relay["id"]
        there.does(*ours, "start", relay["id"])
        echoes(port, ends.tls.authority)

        installed = files(ends.rig)
        there.does("msiexec", "/i", made[OLDER], "/qn", code=1603 & 0xFF)  # Linux sees one byte of it
        assert files(ends.rig) == installed
        assert "RUNNING" in there.does("sc", "query", TITLE)

        there.does("msiexec", "/x", made[NEWER], "/qn", "PURGE=1")
        assert refused(port)
        there.does("sc", "query", TITLE, code=1060 & 0xFF)
        left = files(ends.rig) - before
        assert not left, left


CASES = (rolled_out,)

if __name__ == "__main__":
    sys.exit(run(CASES))
