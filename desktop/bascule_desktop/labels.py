"""Owns the names that people see for the fields of a spec, and for the choices of a field.

A field is named by its spec class and its name; ``path_label`` finds it by a dotted path such as
``target.via.0.password``. Every field and choice has a label, as a test asserts.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from typing import Any

from PySide6.QtCore import QCoreApplication

from bascule.spec.fields import Spec
from bascule.spec.profiles import Profile
from bascule_desktop.hint_words import hints

translate = QCoreApplication.translate


def field_label(spec: str, name: str) -> str:
    """The label of a field; ``spec`` is the name of the class it belongs to. Empty if unknown."""
    return _of(_labels(), spec, name)


def label_of_reached(spec: str, name: str, path: str) -> str:
    """The label of a host or port that is reached but is no target; empty for all others."""
    table = _labels()
    if path.startswith("target") or f"{spec}.{name}" in table:
        return ""
    return _of(table, "Reached", name) if name in ("host", "port") else ""


def field_hint(spec: str, name: str) -> str:
    """What helps to fill a field in, shown in it while it is empty or as a tooltip; may be ""."""
    return _of(hints(), spec, name)


def choice_label(name: str, choice: str) -> str:
    """The label of one choice of a field; what is the same in every language stays as it is."""
    return _of(_choices(), name, choice) or {
        "4": "SOCKS 4",
        "4a": "SOCKS 4a",
        "5": "SOCKS 5",
        "http": "HTTP",
        "rts-cts": "RTS/CTS",
        "dsr-dtr": "DSR/DTR",
        "xon-xoff": "XON/XOFF",
    }.get(choice, choice)


def path_label(path: str) -> str:
    """The label of the field a dotted path names; with its number in a list. May be empty."""
    parts = path.split(".")
    number = next((int(part) + 1 for part in parts if part.isdigit()), 0)
    names = [part for part in parts if part and not part.isdigit()]
    if not names:
        return ""
    label = field_label(_owner(names), names[-1])
    if number and label and "targets" in names:
        return translate("Labels", "{label} (target {number})").format(label=label, number=number)
    if number and label and "via" in names:
        return translate("Labels", "{label} (proxy {number})").format(label=label, number=number)
    return label


def members(hint: Any) -> list[type[Spec]]:
    """The spec classes within a type: of a union, of a tuple, behind a type alias."""
    if isinstance(hint, typing.TypeAliasType):
        return members(hint.__value__)
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) in (typing.Union, tuple):
        return [found for part in typing.get_args(hint) for found in members(part)]
    return [hint] if isinstance(hint, type) and issubclass(hint, Spec) else []


def _of(table: dict[str, str], owner: str, name: str) -> str:
    return table.get(f"{owner}.{name}", table.get(name, ""))


def _owner(names: list[str]) -> str:
    """The name of the spec class that holds the last of these fields, as far as types tell."""
    specs: list[type[Spec]] = [Profile, *_specs(Profile, "relay")]
    for name in names[:-1]:
        specs = [inner for spec in specs for inner in _specs(spec, name)] or specs
    holders = [
        spec for spec in specs if any(item.name == names[-1] for item in dataclasses.fields(spec))
    ]
    # A source mostly listens, a target mostly does not.
    usual = [spec for spec in holders if getattr(spec, "listens", False) == ("source" in names)]
    return (usual or holders)[0].__name__ if holders else ""


def _specs(spec: type[Spec], name: str) -> list[type[Spec]]:
    """The spec classes that a field may hold."""
    return members(typing.get_type_hints(spec).get(name))


def _labels() -> dict[str, str]:
    return {
        "ServerTls.certificate": translate("Labels", "Certificate file"),
        "ServerTls.key": translate("Labels", "Key file"),
        "ClientTls.certificate": translate("Labels", "Your client certificate"),
        "ClientTls.key": translate("Labels", "Key of your certificate"),
        "key_passphrase": translate("Labels", "Passphrase of the key"),
        "client_authority": translate("Labels", "Admit only clients signed by"),
        "verify": translate("Labels", "Verify the certificate of the target"),
        "authority": translate("Labels", "Trust this authority"),
        "server_name": translate("Labels", "Name to verify"),
        "ProxyHop.version": translate("Labels", "Kind of proxy"),
        "ProxyHop.host": translate("Labels", "Proxy host"),
        "ProxyHop.port": translate("Labels", "Proxy port"),
        "username": translate("Labels", "User name"),
        "password": translate("Labels", "Password"),
        "TcpListen.host": translate("Labels", "Address to listen on"),
        "TcpListen.port": translate("Labels", "Port to listen on"),
        "UdpListen.host": translate("Labels", "Address to listen on"),
        "UdpListen.port": translate("Labels", "Port to listen on"),
        "UdpReceiveFrom.host": translate("Labels", "Address to listen on"),
        "UdpReceiveFrom.port": translate("Labels", "Port to listen on"),
        "UdpReceive.host": translate("Labels", "Address to listen on"),
        "UdpReceive.port": translate("Labels", "Port to listen on"),
        "Reached.host": translate("Labels", "Host to reach"),
        "Reached.port": translate("Labels", "Port to reach"),
        "host": translate("Labels", "Target host"),
        "port": translate("Labels", "Target port"),
        "tls": translate("Labels", "Encrypt with TLS"),
        "backlog": translate("Labels", "Connections held back"),
        "keepalive": translate("Labels", "Notice when the other side is gone"),
        "nodelay": translate("Labels", "Send small pieces at once"),
        "path": translate("Labels", "Path of the socket"),
        "mode": translate("Labels", "Permissions of the socket"),
        "via": translate("Labels", "Proxies on the way"),
        "connect_timeout_seconds": translate("Labels", "Give up connecting after"),
        "family": translate("Labels", "IP version"),
        "bind": translate("Labels", "Connect from address"),
        "UdpConnect.bind": translate("Labels", "Send from address"),
        "UdpSendTo.bind": translate("Labels", "Send from address"),
        "UdpDatagram.bind": translate("Labels", "Send from address"),
        "UnixConnect.bind": translate("Labels", "Socket of its own"),
        "UnixSendTo.bind": translate("Labels", "Socket for the answers"),
        "device": translate("Labels", "Serial port"),
        "baud": translate("Labels", "Speed (baud)"),
        "data_bits": translate("Labels", "Data bits"),
        "parity": translate("Labels", "Parity"),
        "stop_bits": translate("Labels", "Stop bits"),
        "flow_control": translate("Labels", "Flow control"),
        "dtr": translate("Labels", "DTR on opening"),
        "rts": translate("Labels", "RTS on opening"),
        "source": translate("Labels", "Source"),
        "target": translate("Labels", "Target"),
        "relay": translate("Labels", "Relay"),
        "allow": translate("Labels", "Who may connect"),
        "UdpDatagram.allow": translate("Labels", "Take datagrams only from"),
        "max_connections": translate("Labels", "Connections at the same time"),
        "overflow": translate("Labels", "Connections above the limit"),
        "idle_seconds": translate("Labels", "End silent connections after"),
        "linger_seconds": translate("Labels", "Wait for the last answer"),
        "retry_first_seconds": translate("Labels", "First pause before trying again"),
        "retry_longest_seconds": translate("Labels", "Longest pause before trying again"),
        "direction": translate("Labels", "Which way bytes go"),
        "once": translate("Labels", "Serve one connection only"),
        "half_close_seconds": translate("Labels", "End when half finished and silent for"),
        "chunk_bytes": translate("Labels", "Move at most at once"),
        "connections_per_client": translate("Labels", "Connections of one address"),
        "up_bytes_per_second": translate("Labels", "Limit from source to target"),
        "down_bytes_per_second": translate("Labels", "Limit from target to source"),
        "shape": translate("Labels", "Change line ends, or how the end is told"),
        "retry": translate("Labels", "Try again when it cannot be opened"),
        "line_ending": translate("Labels", "How lines end"),
        "ignore_eof": translate("Labels", "Go on after the end"),
        "null_eof": translate("Labels", "An empty datagram is the end"),
        "end_close": translate("Labels", "Close without telling the end"),
        "finish": translate("Labels", "How the end is told"),
        "read_bytes": translate("Labels", "Read so many bytes"),
        "escape": translate("Labels", "Byte that ends it"),
        "times": translate("Labels", "Number of tries"),
        "interval_seconds": translate("Labels", "Pause between tries"),
        "socket": translate("Labels", "Settings of the network socket"),
        "keepalive_idle_seconds": translate("Labels", "Silence before asking"),
        "keepalive_interval_seconds": translate("Labels", "Pause between questions"),
        "keepalive_probes": translate("Labels", "Unanswered questions"),
        "close_linger_seconds": translate("Labels", "Closing waits at most"),
        "send_buffer_bytes": translate("Labels", "Send buffer"),
        "receive_buffer_bytes": translate("Labels", "Receive buffer"),
        "hop_limit": translate("Labels", "Hop limit (TTL)"),
        "service_type": translate("Labels", "Type of service (TOS)"),
        "reuse_address": translate("Labels", "Take the port again at once"),
        "reuse_port": translate("Labels", "Share the port"),
        "interface": translate("Labels", "Network interface"),
        "minimum_version": translate("Labels", "Oldest version of TLS"),
        "ciphers": translate("Labels", "Ciphers (TLS 1.2)"),
        "send_name": translate("Labels", "Ask for the server by name (SNI)"),
        "TcpListen.proxy_header": translate("Labels", "Connections begin with a PROXY header"),
        "proxy_header": translate("Labels", "Send a PROXY header"),
        "accept_timeout_seconds": translate("Labels", "Stop when nobody comes within"),
        "source_port": translate("Labels", "Local port"),
        "low_port": translate("Labels", "Local port below 1024"),
        "abstract": translate("Labels", "Abstract name (Linux)"),
        "owner": translate("Labels", "Owner of the socket"),
        "remove_after": translate("Labels", "Remove it at the end"),
        "remove_first": translate("Labels", "Remove what is there before"),
        "groups": translate("Labels", "Multicast groups"),
        "broadcast": translate("Labels", "Allow broadcast"),
        "multicast_interface": translate("Labels", "Interface for multicast"),
        "multicast_hop_limit": translate("Labels", "Routers a multicast may pass"),
        "multicast_loop": translate("Labels", "Multicast reaches this computer too"),
        "peer_idle_seconds": translate("Labels", "Forget a silent peer after"),
        "max_peers": translate("Labels", "Peers at the same time"),
        "terminal": translate("Labels", "Settings of the terminal"),
        "command": translate("Labels", "Command"),
        "interpreter": translate("Labels", "The command runs in"),
        "joined_by": translate("Labels", "How it is joined"),
        "stderr": translate("Labels", "Carry its messages too"),
        "new_session": translate("Labels", "A session of its own"),
        "controlling": translate("Labels", "Its terminal controls it"),
        "login": translate("Labels", "As a login shell"),
        "search_path": translate("Labels", "Folders to look in"),
        "input_descriptor": translate("Labels", "Descriptor it reads"),
        "output_descriptor": translate("Labels", "Descriptor it writes"),
        "File.path": translate("Labels", "File"),
        "status": translate("Labels", "Status"),
        "body": translate("Labels", "Page"),
        "content_type": translate("Labels", "What the page is"),
        "headers": translate("Labels", "More header fields"),
        "form": translate("Labels", "How it is said"),
        "folder": translate("Labels", "Folder"),
        "existing": translate("Labels", "A name that is taken"),
        "ShareFile.path": translate("Labels", "File to hand out"),
        "downloads": translate("Labels", "Downloads"),
        "expires_minutes": translate("Labels", "Ends after (minutes)"),
        "file_name": translate("Labels", "One file, with this name"),
        "limit_megabytes": translate("Labels", "Write at most (MB)"),
        "SendFiles.path": translate("Labels", "File or folder"),
        "SendFiles.plain": translate("Labels", "Send the file as it is, without an archive"),
        "LogCollector.path": translate("Labels", "Log file"),
        "stamp": translate("Labels", "Time before each line"),
        "sender": translate("Labels", "Sender before each line"),
        "rotate_megabytes": translate("Labels", "New file after (MB)"),
        "rotate_daily": translate("Labels", "New file each day"),
        "keep_files": translate("Labels", "Old files to keep"),
        "seconds": translate("Labels", "Send for"),
        "megabytes": translate("Labels", "Send at most (MB)"),
        "answer_seconds": translate("Labels", "Wait for the other side"),
        "every_seconds": translate("Labels", "Check again after"),
        "within_seconds": translate("Labels", "It has to answer within"),
        "first_byte": translate("Labels", "It also has to say something"),
        "Pty.mode": translate("Labels", "Permissions of the terminal"),
        "Pipe.mode": translate("Labels", "Permissions of the pipe"),
        "NamedPipeListen.name": translate("Labels", "Name of the pipe"),
        "NamedPipeConnect.name": translate("Labels", "Name of the pipe"),
        "Descriptor.number": translate("Labels", "Number of the descriptor"),
        "File.mode": translate("Labels", "Permissions of a new file"),
        "Pipe.path": translate("Labels", "Path of the pipe"),
        "way": translate("Labels", "Read, write or both"),
        "create": translate("Labels", "Make it where it is missing"),
        "exclusive": translate("Labels", "Only where it is missing"),
        "append": translate("Labels", "Write at its end"),
        "truncate": translate("Labels", "Empty it first"),
        "seek": translate("Labels", "Begin at byte"),
        "lock": translate("Labels", "Keep others from writing"),
        "link": translate("Labels", "Link with a fixed name"),
        "wait": translate("Labels", "Wait until it is opened"),
        "use": translate("Labels", "Which of them"),
        "number": translate("Labels", "Number"),
        "text": translate("Labels", "Text"),
        "after_request": translate("Labels", "Answer after a question"),
        "announce": translate("Labels", "Say who comes and goes"),
        "include_self": translate("Labels", "Who speaks hears it too"),
        "targets": translate("Labels", "Targets"),
        "check_seconds": translate("Labels", "Try a failed target again after"),
        "answering": translate("Labels", "Number of the one that answers"),
        "reading": translate("Labels", "Read from"),
        "writing": translate("Labels", "Write to"),
        "id": translate("Labels", "Identifier"),
        "name": translate("Labels", "Name"),
        "group": translate("Labels", "Group"),
        "autostart": translate("Labels", "Start with the computer"),
        "unconfirmed": translate("Labels", "Its commands wait to be confirmed"),
    }


def _choices() -> dict[str, str]:
    return {
        "parity.none": translate("Labels", "none (N)"),
        "parity.even": translate("Labels", "even (E)"),
        "parity.odd": translate("Labels", "odd (O)"),
        "parity.mark": translate("Labels", "mark (M)"),
        "parity.space": translate("Labels", "space (S)"),
        "flow_control.none": translate("Labels", "none"),
        "on": translate("Labels", "on"),
        "off": translate("Labels", "off"),
        "unchanged": translate("Labels", "as it is"),
        "any": translate("Labels", "IPv4 or IPv6"),
        "ipv4": translate("Labels", "IPv4 only"),
        "ipv6": translate("Labels", "IPv6 only"),
        "both": translate("Labels", "both ways"),
        "up": translate("Labels", "from the source to the target"),
        "down": translate("Labels", "from the target to the source"),
        "read": translate("Labels", "read"),
        "write": translate("Labels", "write"),
        "keep": translate("Labels", "as they are"),
        "crlf": translate("Labels", "carriage return and line feed (CRLF)"),
        "cr": translate("Labels", "carriage return (CR)"),
        "usual": translate("Labels", "as usual"),
        "finish.none": translate("Labels", "not at all"),
        "shutdown": translate("Labels", "by ending our half"),
        "close": translate("Labels", "by closing"),
        "empty": translate("Labels", "by an empty datagram"),
        "interpreter.none": translate("Labels", "no shell: it is split at spaces"),
        "system": translate("Labels", "the system's shell"),
        "interpreter.user": translate("Labels", "your shell"),
        "joined_by.socket": translate("Labels", "socket"),
        "pipes": translate("Labels", "pipes"),
        "joined_by.terminal": translate("Labels", "terminal"),
        "use.input": translate("Labels", "input"),
        "use.output": translate("Labels", "output"),
        "use.error": translate("Labels", "messages"),
        "existing.refuse": translate("Labels", "is refused"),
        "rename": translate("Labels", "gets a number"),
        "replace": translate("Labels", "is replaced"),
        "json": translate("Labels", "JSON over HTTP"),
        "form.text": translate("Labels", "text over HTTP"),
        "plain": translate("Labels", "text at once, without HTTP"),
        "stamp.local": translate("Labels", "of this computer"),
        "utc": translate("Labels", "UTC"),
        "stamp.none": translate("Labels", "none"),
        "address": translate("Labels", "address"),
        "address-port": translate("Labels", "address and port"),
        "sender.none": translate("Labels", "none"),
        "proxy_header.none": translate("Labels", "none"),
        "refuse": translate("Labels", "are refused"),
        "queue": translate("Labels", "wait for a place"),
    }
