"""Owns what a person must change outside Bascule, on each system: lines to run, settings to open.

Nothing here is ever done for them: a button opens the settings, or copies the exact line.
"""

from __future__ import annotations

import functools
import shlex
import shutil
import sys

from PySide6.QtCore import QCoreApplication

from bascule.spec.endpoints import TcpListen
from bascule.spec.relays import RelaySpec
from bascule_desktop.launcher import is_own_program, program_command
from bascule_desktop.messages.sentence import ActionHint, HintKind
from bascule_desktop.route_nodes import is_this_computer

translate = QCoreApplication.translate

_MACOS_SETTINGS = "x-apple.systempreferences:com.apple.preference.security?Firewall"
# Not for public networks: who opens a port means those whom the computer is at home with. Windows
# replaces no rule of the same name, so the name says the port.
_WINDOWS_LINE = (
    'netsh advfirewall firewall add rule name="Bascule {port}" dir=in action=allow '
    "protocol={protocol} localport={port} profile=private,domain"
)
# Linux has no settings that every desktop knows; these two programs are what there is.
_FIREWALL_LINES = {
    "ufw": "sudo ufw allow {port}/{protocol}",
    "firewall-cmd": "sudo firewall-cmd --permanent --add-port={port}/{protocol} "
    "&& sudo firewall-cmd --reload",
}


def firewall(port: int, protocol: str = "tcp", *, system: str = sys.platform) -> ActionHint | None:
    """How the firewall of this computer lets others come to a port; None where none is known."""
    if system == "darwin":
        label = translate("Outside", "Open the firewall settings")
        return ActionHint(HintKind.OPEN_SETTINGS, label, _MACOS_SETTINGS)
    if system == "win32":
        label = translate("Outside", "Copy the firewall's line, to run as administrator")
        line = _WINDOWS_LINE.format(port=port, protocol=protocol)
        if getattr(sys, "frozen", False):
            line += f' program="{program_command()[0]}"'
        return ActionHint(HintKind.COPY, label, line)
    for program, line in _FIREWALL_LINES.items():
        if _is_there(program):
            label = translate("Outside", "Copy the line for the firewall")
            return ActionHint(HintKind.COPY, label, line.format(port=port, protocol=protocol))
    return None


def firewall_of(relay: RelaySpec) -> ActionHint | None:
    """How the firewall lets others come to a relay; None where it listens to this computer only."""
    source = relay.source
    if isinstance(source, TcpListen) and not is_this_computer(source.host):
        return firewall(source.port)
    return None


def trust_of(relay: RelaySpec) -> ActionHint | None:
    """How other computers come to trust a relay's certificate; None where it shows none."""
    source = relay.source
    if isinstance(source, TcpListen) and source.tls is not None:
        label = translate("Outside", "How others trust the certificate")
        return ActionHint(HintKind.TRUST, label, source.tls.certificate)
    return None


@functools.cache
def _is_there(program: str) -> bool:
    # /usr/sbin is not in everybody's path.
    return bool(shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin"))


def allow_low_ports(port: int, *, system: str = sys.platform) -> tuple[ActionHint, ...]:
    """How the system lets others than the administrator listen on ``port``: Bascule alone, where
    it is a program of its own (capabilities(7); the next update takes that away), or everybody from
    that port on (ip-sysctl: Linux 4.11). Empty where it does, or cannot.
    """
    if system != "linux":
        return ()
    rule = f"net.ipv4.ip_unprivileged_port_start={port}"
    line = f"echo {rule} | sudo tee /etc/sysctl.d/50-bascule.conf && sudo sysctl --system"
    if not is_own_program():
        # The program that listens is Python: every script would get the right.
        return (
            ActionHint(HintKind.COPY, translate("Outside", "Copy the line that allows it"), line),
        )
    alone = f"sudo setcap cap_net_bind_service=+ep {shlex.quote(program_command()[0])}"
    return (
        ActionHint(HintKind.COPY, translate("Outside", "Copy the line for Bascule alone"), alone),
        ActionHint(HintKind.COPY, translate("Outside", "Copy the line for every program"), line),
    )
