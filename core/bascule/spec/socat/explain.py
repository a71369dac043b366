"""Owns a command in words: what it will do, and what becomes of each word of it."""

from __future__ import annotations

from typing import Any

from bascule.spec.relays import RelaySpec
from bascule.spec.socat.command import Command


def explain(command: Command) -> str:
    """Say in English what a command will do: one sentence, then a line for each thing that was
    said in it, with its verdict.
    """
    lines = [sentence(command.relay), ""]
    width = max((len(verdict.token) for verdict in command.verdicts), default=0)
    for verdict in command.verdicts:
        token = verdict.token.replace("\n", " ")
        lines.append(f"  {token:<{min(width, 32)}}  {verdict.kind}: {verdict.text}")
    return "\n".join(lines).rstrip() + "\n"


def sentence(relay: RelaySpec) -> str:
    """What a relay does, in one sentence."""
    target = describe(relay.target)
    ways = {"both": "and carries bytes both ways", "up": "and carries bytes there only"}
    way = ways.get(relay.direction, "and carries bytes from there only")
    if relay.source.kind == "schedule":
        return _schedule(relay.source, target)
    source = describe(relay.source)
    if not relay.listens:
        again = "" if relay.once else ", again and again"
        return f"Joins {source} to {target}{again}, {way}."
    which = "the first connection" if relay.once else "each connection"
    who = ""
    if relay.allow:
        who = f", from {', '.join(relay.allow)} only"
    limit = f", {relay.max_connections} at the same time" if relay.max_connections else ""
    return f"Listens on {source}{who}, joins {which}{limit} to {target} {way}."


def _schedule(source: Any, target: str) -> str:
    word = ", and says something," if source.first_byte else ""
    return (
        f"Checks every {source.every_seconds:g} seconds whether {target} answers{word} within "
        f"{source.within_seconds:g} seconds."
    )


def describe(end: Any) -> str:
    """One end, as part of a sentence."""
    kind: str = end.kind
    make = _DESCRIBED.get(kind)
    return make(end) if make is not None else _PLAIN[kind]


def _tcp_listen(end: Any) -> str:
    tls = " with TLS" if end.tls is not None else ""
    return f"TCP port {end.port}{tls} of {_where(end.host)}"


def _udp_listen(end: Any) -> str:
    return f"UDP port {end.port} of {_where(end.host)}"


def _where(host: str) -> str:
    if host in ("0.0.0.0", "::"):
        return "the whole network"
    return "this computer" if host in ("127.0.0.1", "::1", "localhost") else host


def _place(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _tcp_connect(end: Any) -> str:
    via = "".join(
        f" through the {'HTTP' if hop.version == 'http' else f'SOCKS {hop.version}'} proxy "
        f"{_place(hop.host, hop.port)}"
        for hop in end.via
    )
    return f"{_place(end.host, end.port)}{' in TLS' if end.tls is not None else ''}{via}"


def _udp(end: Any) -> str:
    return f"{_place(end.host, end.port)} by UDP"


def _unix(end: Any) -> str:
    return f"the Unix socket {'@' if end.abstract else ''}{end.path}"


def _serial(end: Any) -> str:
    return f"the serial port {end.device} ({end.line})"


def _program(end: Any) -> str:
    first = end.command.strip().split("\n")[0]
    shown = first if len(first) <= 60 and first == end.command.strip() else f"{first[:60]}…"
    return f"the program `{shown}`"


def _file(end: Any) -> str:
    return f"the file {end.path}"


def _pty(end: Any) -> str:
    return f"a pseudo terminal{f' called {end.link}' if end.link else ''}"


def _pipe(end: Any) -> str:
    return f"the pipe {end.path}" if end.path else "a pipe that gives back what it is sent"


def _standard(end: Any) -> str:
    return {
        "both": "standard input and output",
        "input": "standard input",
        "output": "standard output",
    }.get(end.use, "standard error")


def _descriptor(end: Any) -> str:
    return f"the descriptor {end.number}"


def _log_collector(end: Any) -> str:
    return f"the log {end.path}, line by line"


def _http_answer(end: Any) -> str:
    return f"an answer over HTTP, always the same (status {end.status})"


def _receive_files(end: Any) -> str:
    if end.file_name:
        return f"the file {end.file_name} in the folder {end.folder}"
    return f"the folder {end.folder}, where a tar archive becomes files"


def _share_file(end: Any) -> str:
    return f"the file {end.path}, over HTTP, under a secret link"


def _send_files(end: Any) -> str:
    return f"the file {end.path} as it is" if end.plain else f"{end.path} as a tar archive"


def _throughput(end: Any) -> str:
    limits = [f"{end.seconds:g} seconds"] if end.seconds else []
    if end.megabytes:
        limits.append(f"{end.megabytes} MB")
    return f"a measurement of how fast the way is, of at most {' or '.join(limits)}"


def _named_pipe(end: Any) -> str:
    return f"the named pipe {end.name}"


def _failover(end: Any) -> str:
    return "the first that can be reached of " + ", ".join(map(describe, end.targets))


def _fan_out(end: Any) -> str:
    return "all of " + ", ".join(map(describe, end.targets))


def _dual(end: Any) -> str:
    return f"{describe(end.reading)} for reading and {describe(end.writing)} for writing"


_DESCRIBED = {
    "tcp-listen": _tcp_listen,
    "tcp-connect": _tcp_connect,
    "unix-listen": _unix,
    "unix-connect": _unix,
    "unix-recv": _unix,
    "unix-recvfrom": _unix,
    "unix-sendto": _unix,
    "udp-listen": _udp_listen,
    "udp-recvfrom": _udp_listen,
    "udp-recv": _udp_listen,
    "udp-connect": _udp,
    "udp-sendto": _udp,
    "udp-datagram": _udp,
    "serial": _serial,
    "program": _program,
    "file": _file,
    "pty": _pty,
    "pipe": _pipe,
    "standard": _standard,
    "descriptor": _descriptor,
    "http-answer": _http_answer,
    "receive-files": _receive_files,
    "share-file": _share_file,
    "send-files": _send_files,
    "log-collector": _log_collector,
    "throughput": _throughput,
    "named-pipe-listen": _named_pipe,
    "named-pipe-connect": _named_pipe,
    "failover": _failover,
    "fan-out": _fan_out,
    "dual": _dual,
}
_PLAIN = {
    "echo": "an echo",
    "health-answer": "an answer that says how this computer is",
    "discard": "nothing: all is taken and nothing kept",
    "text": "a fixed text",
    "stall": "silence",
    "room": "a room where all hear what one says",
}
