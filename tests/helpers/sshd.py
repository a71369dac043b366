"""A real SSH server for one test, and an ``ssh`` and a ``plink`` that know only it. Debian:
openssh-server, putty-tools.
"""

from __future__ import annotations

import getpass
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.helpers.ports import free_port
from tests.helpers.processes import Running, find, start

_SERVER = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/user.pub
StrictModes no
PidFile none
PermitRootLogin yes
PasswordAuthentication no
UsePAM no
"""
_CLIENT = """
Host *
    HostName 127.0.0.1
    Port {port}
    HostKeyAlias the_server
    UserKnownHostsFile {folder}/known
    IdentityFile {folder}/user
    IdentitiesOnly yes
    BatchMode yes
"""


@dataclass(frozen=True)
class SshServer:
    """A server that is ready. ``path`` is a value of PATH with which ``ssh`` reaches it, whatever
    the name of the host, and ``plink`` does by its address; it lets ``user`` in.
    """

    process: Running
    user: str
    path: str
    port: int


@contextmanager
def sshd(folder: Path) -> Iterator[SshServer]:
    """Run a server with new keys; everything of it is in the folder."""
    port = free_port()
    programs = folder / "bin"
    programs.mkdir(parents=True)
    for key in ("host", "user"):
        command = [find("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", folder / key]
        subprocess.run(command, check=True)
    (folder / "known").write_text(f"the_server {(folder / 'host.pub').read_text()}")
    (folder / "sshd_config").write_text(_SERVER.format(port=port, folder=folder))
    (folder / "ssh_config").write_text(_CLIENT.format(port=port, folder=folder))
    ssh = programs / "ssh"
    ssh.write_text(f'#!/bin/sh\nexec {find("ssh")} -F {folder}/ssh_config "$@"\n')
    ssh.chmod(0o755)
    puttygen = [find("puttygen"), folder / "user", "-O", "private", "-o", folder / "user.ppk"]
    subprocess.run(puttygen, check=True)
    shown = subprocess.check_output([find("ssh-keygen"), "-lf", folder / "host.pub"], text=True)
    known = f"-P {port} -i {folder}/user.ppk -hostkey {shown.split()[1]}"
    plink = programs / "plink"
    plink.write_text(f'#!/bin/sh\nHOME={folder} exec {find("plink")} {known} "$@"\n')
    plink.chmod(0o755)
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # where root's server locks its children in
    with start("sshd", "-D", "-e", "-f", folder / "sshd_config") as server:
        server.wait_for("Server listening on")
        path = os.pathsep.join((str(programs), os.environ["PATH"]))
        yield SshServer(server, getpass.getuser(), path, port)
