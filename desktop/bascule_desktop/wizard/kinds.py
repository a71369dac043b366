"""Owns the pages of the kinds of relay people ask for, and which page shows which relay."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QCoreApplication

from bascule.spec.codec import Data
from bascule.spec.commands import without_words
from bascule.spec.endpoints import ClientTls, SerialPort, TcpConnect, TcpListen
from bascule.spec.fields import fields_of, parse_host
from bascule.spec.measuring import Schedule
from bascule.spec.relays import RelaySpec
from bascule_desktop.end_words import end_name
from bascule_desktop.route_nodes import join_port
from bascule_desktop.wizard.certificate import CertificatePart
from bascule_desktop.wizard.check import CheckPage
from bascule_desktop.wizard.context import Context
from bascule_desktop.wizard.form import OptionalForm, SpecForm
from bascule_desktop.wizard.hops import HopsPart
from bascule_desktop.wizard.listen import ListenPart
from bascule_desktop.wizard.page import RelayPage
from bascule_desktop.wizard.pieces import Note
from bascule_desktop.wizard.serial_part import SerialPart
from bascule_desktop.wizard.target import TargetPart

translate = QCoreApplication.translate

_LIMITS = ("max_connections", "overflow", "connections_per_client", "idle_seconds")
_PAUSES = ("retry_first_seconds", "retry_longest_seconds")
_LISTENING = ("backlog", "keepalive", "nodelay")
_CONNECTING = ("connect_timeout_seconds", "family", "bind")


def _listening() -> Data:
    return {"kind": TcpListen.kind, "host": "127.0.0.1"}


class ForwardPage(RelayPage):
    """A TCP port of this computer leads to a host."""

    kind = "forward"
    first_port = 8080

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.add_text(self.introduction())
        self.listen = ListenPart(context, self.first_port)
        self.target = TargetPart(context)
        self.build()
        self.add_more(
            OptionalForm(
                context, ClientTls, "target.tls", translate("Wizard", "The target speaks TLS")
            ),
            SpecForm(context, RelaySpec, "", _LIMITS),
            SpecForm(context, TcpListen, "source", _LISTENING),
            SpecForm(context, TcpConnect, "target", _CONNECTING),
        )
        self.finish({"source": _listening(), "target": {"kind": TcpConnect.kind}})

    def introduction(self) -> str:
        """What the page does, for who reads it first."""
        return translate(
            "Wizard",
            "Who connects to a port of this computer reaches a service somewhere else.",
        )

    def build(self) -> None:
        """Add the parts, from the source to the target."""
        self.add(self.listen)
        self.add(self.target)

    @override
    def title(self) -> str:
        return translate("Wizard", "Forward a port")

    @override
    def propose_name(self, spec: RelaySpec) -> str:
        assert isinstance(spec.target, TcpConnect)
        where = join_port(spec.target.host, spec.target.port)
        return translate("Wizard", "Forward to {target}").format(target=where)

    @override
    def entered(self) -> None:
        if self.listen.port.editor.value() == "":
            self.listen.propose()


class TlsPage(ForwardPage):
    """A service without encryption gets HTTPS, or any other TLS, in front of it."""

    kind = "tls"
    first_port = 8443

    @override
    def introduction(self) -> str:
        return translate(
            "Wizard",
            "Others reach the service encrypted (HTTPS), and Bascule passes everything on to it.",
        )

    @override
    def build(self) -> None:
        self.certificate = CertificatePart(self.context)
        self.add(self.target)
        self.add(self.listen)
        self.add(self.certificate)

    @override
    def title(self) -> str:
        return translate("Wizard", "Put TLS (HTTPS) in front of a service")

    @override
    def propose_name(self, spec: RelaySpec) -> str:
        assert isinstance(spec.target, TcpConnect)
        where = join_port(spec.target.host, spec.target.port)
        return translate("Wizard", "TLS for {target}").format(target=where)


class ProxyPage(ForwardPage):
    """A host is reached through SOCKS proxies; the last one resolves its name."""

    kind = "proxy"
    first_port = 9000

    @override
    def introduction(self) -> str:
        return translate(
            "Wizard",
            "Who connects to a port of this computer reaches a host through one or more proxies, "
            "for example Tor or a company's gateway.",
        )

    @override
    def build(self) -> None:
        self.leak = Note(self.context.theme, icon="onion")
        # Behind a proxy, localhost is not this computer.
        self.target.host.set_hint(
            translate("Wizard", "server.example or 10.0.0.3, as the last proxy knows it")
        )
        self.hops = HopsPart(self.context, "target.via", self.target.goal)
        self.add(self.target)
        self.add(self.leak)
        self.add(self.hops)
        self.add(self.listen)
        self.hops.add_hop({"version": "5", "host": "127.0.0.1", "port": 1080})
        self.target.edited.connect(self._tell)
        self.hops.edited.connect(self._tell)
        self._tell()

    @override
    def title(self) -> str:
        return translate("Wizard", "Reach a host through proxies")

    @override
    def propose_name(self, spec: RelaySpec) -> str:
        assert isinstance(spec.target, TcpConnect)
        where = join_port(spec.target.host, spec.target.port)
        if any(hop.port in (9050, 9150) for hop in spec.target.via):
            return translate("Wizard", "{target} through Tor").format(target=where)
        if len(spec.target.via) == 1:
            return translate("Wizard", "{target} through a proxy").format(target=where)
        return translate("Wizard", "{target} through proxies").format(target=where)

    def _tell(self) -> None:
        """Say who learns the name of the target."""
        host = str(self.target.host.editor.value())
        cards = self.hops.cards
        if not host or not cards or parse_host(host) is not None:
            self.leak.set_text("")
        elif cards[-1].rows["version"].editor.value() == "4":
            self.leak.set_text(
                translate(
                    "Wizard",
                    "SOCKS 4 carries addresses only, so your computer looks the name up. Choose "
                    "SOCKS 4a or 5 to leave that to the proxy.",
                )
            )
        else:
            self.leak.set_text(
                translate("Wizard", "The last proxy resolves this name; your computer never does.")
            )


class SharePage(RelayPage):
    """A serial port answers on a TCP port of this computer."""

    kind = "serial"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.add_text(
            translate(
                "Wizard",
                "A device on a serial port, such as a scale, answers on a port of the network. One "
                "connection at a time uses it.",
            )
        )
        self.serial = SerialPart(context, "target")
        self.listen = ListenPart(context, 2001)
        self.add(self.serial)
        self.add(self.listen)
        self.add_more(
            SpecForm(context, SerialPort, "target", ("dtr", "rts")),
            SpecForm(context, RelaySpec, "", ("idle_seconds", "linger_seconds", *_PAUSES)),
            SpecForm(context, TcpListen, "source", _LISTENING),
        )
        self.finish({"source": _listening(), "target": {"kind": SerialPort.kind}})

    @override
    def title(self) -> str:
        return translate("Wizard", "Share a serial port on the network")

    @override
    def propose_name(self, spec: RelaySpec) -> str:
        return self.serial.device_name

    @override
    def entered(self) -> None:
        if self.listen.port.editor.value() == "":
            self.listen.propose()


class ConnectPage(RelayPage):
    """A serial port of this computer is connected to a host: the reverse."""

    kind = "serial-connect"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.add_text(
            translate(
                "Wizard",
                "What a device on a serial port says goes to a host, and the answers come back. "
                "The connection is made again by itself when it breaks.",
            )
        )
        self.serial = SerialPart(context, "source")
        self.target = TargetPart(context)
        self.add(self.serial)
        self.add(self.target)
        self.add_more(
            OptionalForm(
                context, ClientTls, "target.tls", translate("Wizard", "The target speaks TLS")
            ),
            SpecForm(context, SerialPort, "source", ("dtr", "rts")),
            SpecForm(context, RelaySpec, "", ("idle_seconds", "linger_seconds", *_PAUSES)),
            SpecForm(context, TcpConnect, "target", (*_CONNECTING, "keepalive", "nodelay")),
        )
        self.finish({"source": {"kind": SerialPort.kind}, "target": {"kind": TcpConnect.kind}})

    @override
    def title(self) -> str:
        return translate("Wizard", "Connect a serial port to a host")

    @override
    def propose_name(self, spec: RelaySpec) -> str:
        assert isinstance(spec.target, TcpConnect)
        where = join_port(spec.target.host, spec.target.port)
        return translate("Wizard", "{device} to {target}").format(
            device=self.serial.device_name, target=where
        )


class ExpertPage(RelayPage):
    """Any source with any target, as forms made from the specs themselves."""

    kind = "expert"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.add_text(
            translate(
                "Wizard",
                "A relay joins two ends: what arrives at the source goes to the target, and the "
                "answers come back.",
            )
        )
        ends = ("source", "target")
        self.add(SpecForm(context, RelaySpec, "", ends))
        first = ("allow", "direction", *_LIMITS)
        others = (name for name in fields_of(RelaySpec) if name not in (*ends, *first))
        self.add_more(
            SpecForm(context, RelaySpec, "", (*first, *others)),
            title=translate("Wizard", "Limits and other settings of the relay"),
        )
        self.finish({})

    @override
    def title(self) -> str:
        return translate("Wizard", "Choose source and target yourself")

    @override
    def propose_name(self, spec: RelaySpec) -> str:
        named = without_words(spec)
        return translate("Wizard", "{source} to {target}").format(
            source=end_name(named.source), target=end_name(named.target)
        )


PAGES: dict[str, type[RelayPage]] = {
    page.kind: page
    for page in (ForwardPage, TlsPage, ProxyPage, SharePage, ConnectPage, CheckPage, ExpertPage)
}
"""Every page by its kind, in the order in which they are offered."""


def kind_of(spec: RelaySpec) -> str:
    """Which page has a field for all that matters in this relay."""
    match spec:
        case RelaySpec(source=TcpListen(tls=None), target=TcpConnect(via=())):
            return ForwardPage.kind
        case RelaySpec(source=TcpListen(), target=TcpConnect(via=())):
            return TlsPage.kind
        case RelaySpec(source=TcpListen(tls=None), target=TcpConnect()):
            return ProxyPage.kind
        case RelaySpec(source=TcpListen(tls=None), target=SerialPort()):
            return SharePage.kind
        case RelaySpec(source=SerialPort(), target=TcpConnect(via=())):
            return ConnectPage.kind
        case RelaySpec(source=Schedule(), target=TcpConnect()):
            return CheckPage.kind
        case _:
            return ExpertPage.kind
