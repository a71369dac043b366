"""Owns reading the version that a program or a library of Windows says it has (VERSIONINFO).

Windows Installer compares it with that of the file which is there, and believes the table of its
package; what makes the package need not run on Windows.
"""

from __future__ import annotations

import struct
from pathlib import Path

_KEY = "VS_VERSION_INFO\0".encode("utf-16-le")
_TRANSLATION = "Translation\0".encode("utf-16-le")
_HEADER_BYTES = 6
"""Length, length of the value, type: three words before the key of each part (VS_VERSIONINFO)."""

_SIGNATURE = 0xFEEF04BD


def version_of(file: Path) -> tuple[str, str] | None:
    """The four numbers of a file's version, and its language as Windows numbers it ("" where it
    says none); None where it has no version. Raises: OSError.
    """
    data = file.read_bytes()
    at = data.find(_KEY) if data.startswith(b"MZ") else -1
    while at >= 0:
        value = at + _aligned(len(_KEY))
        if len(data) >= value + 16:
            signature, _structure, most, least = struct.unpack_from("<4I", data, value)
            if signature == _SIGNATURE:
                numbers = (most >> 16, most & 0xFFFF, least >> 16, least & 0xFFFF)
                [length] = struct.unpack_from("<H", data, at - _HEADER_BYTES)
                return ".".join(map(str, numbers)), _language(data[value : at + length])
        at = data.find(_KEY, at + 1)
    return None


def _language(block: bytes) -> str:
    at = block.find(_TRANSLATION)
    value = at + _aligned(len(_TRANSLATION))
    if at < 0 or len(block) < value + 2:
        return ""
    return str(struct.unpack_from("<H", block, value)[0])


def _aligned(key_bytes: int) -> int:
    """Where the value stands behind a key that begins there: at a whole number of 32 bits, counted
    from the header before it.
    """
    return -(-(_HEADER_BYTES + key_bytes) // 4) * 4 - _HEADER_BYTES
