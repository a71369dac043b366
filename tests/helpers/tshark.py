"""Owns asking tshark, Wireshark's command line, what it reads in a capture file."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.helpers.contract import PATIENCE_SECONDS

_SUMS = [word for kind in ("ip", "tcp", "udp") for word in ("-o", f"{kind}.check_checksum:TRUE")]
_DATA = [word for kind in ("tcp", "udp") for word in ("-d", f"{kind}.port==1-65535,data")]
"""What is carried is not to be taken for a protocol that somebody has at the same port."""


def tshark(file: Path, *words: str) -> str:
    """Its output for a file; it must have nothing to complain of but who runs it."""
    return subprocess.run(
        ("tshark", "-n", "-r", file, *_SUMS, *_DATA, *words),
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE_SECONDS,
        check=True,
    ).stdout


def fields(file: Path, *names: str, only: str = "") -> list[tuple[str, ...]]:
    """Those fields of each packet, of those that pass the display filter."""
    words = [word for name in names for word in ("-e", name)]
    lines = tshark(file, "-Y", only, "-T", "fields", *words).splitlines()
    return [tuple(line.split("\t")) for line in lines]


def complaints(file: Path) -> list[tuple[str, ...]]:
    """What it finds wrong: checksums, gaps, retransmissions, what is malformed."""
    wrong = "_ws.expert.severity >= warning || tcp.analysis.flags"
    return fields(file, "frame.number", "_ws.expert.message", only=wrong)


def followed(file: Path, stream: int = 0, kind: str = "tcp") -> tuple[bytes, bytes]:
    """What the client and what the server sent in a conversation, reassembled by tshark."""
    said = tshark(file, "-q", "-z", f"follow,{kind},raw,{stream}")
    up, down = bytearray(), bytearray()
    for line in said.splitlines():
        is_down, digits = line.startswith("\t"), line.strip()
        if digits and all(digit in "0123456789abcdef" for digit in digits):
            (down if is_down else up).extend(bytes.fromhex(digits))
    return bytes(up), bytes(down)
