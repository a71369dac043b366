"""Owns how a relay is said to ser2net (4.x): one connection in YAML, a TCP port before a serial
port.

What stands between the commas of ser2net's words (gensio's) cannot be quoted in every version, so
a device or file with a comma, a bracket or a quote in it is refused.
"""

from __future__ import annotations

import math
from typing import Any

from bascule.spec.endpoints import SerialPort, ServerTls, TcpListen
from bascule.spec.export import pieces
from bascule.spec.export.exported import Exported, Loss, LossKind, refusal
from bascule.spec.export.lost import losses, settings
from bascule.spec.profiles import file_stem
from bascule.spec.relays import RelaySpec

PROGRAM = "ser2net"

_RELAY = "idle_seconds"
_SOURCE = (
    """host port nodelay tls tls.certificate tls.key tls.key_passphrase tls.client_authority"""
)
_TARGET = "device baud data_bits parity stop_bits"
_TOLD = settings(_RELAY, _SOURCE, _TARGET)
_FLOW = {"none": "", "rts-cts": ",rtscts", "xon-xoff": ",xonxoff"}
_NEVER = " ,()[]{}\"'\\"


def told(relay: RelaySpec) -> frozenset[str]:
    """The settings that ser2net is told of a relay: some in some of their values only."""
    flow: Any = relay.target
    more = {"target.flow_control"} if flow.flow_control in _FLOW else set[str]()
    return _TOLD | more


def write_ser2net(relay: RelaySpec, name: str) -> Exported:
    """Write a relay as a whole configuration file. Raises: SpecError NOT_EXPORTABLE."""
    pieces.check_ends(PROGRAM, relay, (TcpListen,), (SerialPort,))
    source, target = relay.source, relay.target
    if not isinstance(source, TcpListen) or not isinstance(target, SerialPort):
        why = "it opens a single serial port"
        raise refusal(PROGRAM, "target", why, at="target", kind=target.kind)
    if target.stop_bits == "1.5":
        why = "its serial ports have 1 or 2 stop bits"
        raise refusal(PROGRAM, "stop_bits", why, at="target.stop_bits")
    lost = [*losses(relay, told(relay), PROGRAM), _half_close()]
    lost += pieces.key_losses(PROGRAM, relay)
    options = ["kickolduser: false", "max-connections: 1"]
    if relay.idle_seconds:
        options.append(f"timeout: {max(math.ceil(relay.idle_seconds), 1)}")
    body = [
        "%YAML 1.1",
        "---",
        f"connection: &{file_stem(name)}",
        f"  accepter: {_quoted(_accepter(source))}",
        f"  connector: {_quoted(_connector(target))}",
        "  options:",
        *(f"    {option}" for option in options),
    ]
    text = pieces.comment(name, PROGRAM, lost) + "".join(f"{line}\n" for line in body)
    return Exported(text, pieces.file_name(name, "yaml"), tuple(lost))


def _quoted(text: str) -> str:
    """A text in YAML's single quotes, in which only they have a meaning (YAML 1.1, 9.1.2)."""
    return "'" + text.replace("'", "''") + "'"


def _word(value: str, at: str) -> str:
    return pieces.checked(PROGRAM, value, at, never=_NEVER)


def _accepter(source: TcpListen) -> str:
    port = pieces.listening_port(PROGRAM, source)
    plain = f"tcp,{pieces.host(PROGRAM, source.host, 'source.host')},{port}"
    if source.nodelay:
        plain = plain.replace("tcp,", "tcp(nodelay),", 1)
    return f"{_tls(source.tls)}{plain}" if source.tls is not None else plain


def _tls(tls: ServerTls) -> str:
    words = [
        f"cert={_word(tls.certificate, 'source.tls.certificate')}",
        f"key={_word(tls.key, 'source.tls.key')}",
    ]
    if tls.client_authority:
        authority = _word(tls.client_authority, "source.tls.client_authority")
        words += [f"CA={authority}", "clientauth"]
    return f"ssl({','.join(words)}),"


def _connector(target: SerialPort) -> str:
    line = f"{target.baud}{target.parity[0].upper()}{target.data_bits}{target.stop_bits}"
    flow = _FLOW.get(target.flow_control, "")
    return f"serialdev,{_word(target.device, 'target.device')},{line},local{flow}"


def _half_close() -> Loss:
    message = (
        f"{PROGRAM} hangs up when a client has finished sending: an answer that is still to come "
        "is lost. Clients have to stay connected until they have it."
    )
    return Loss(LossKind.HALF_CLOSE, message, "half_close_seconds", {"program": PROGRAM})
