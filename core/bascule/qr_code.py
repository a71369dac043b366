"""Owns QR codes (ISO/IEC 18004) as data: which modules of a text's code are dark, and the same as
lines for a terminal.
"""

from __future__ import annotations

type Modules = tuple[tuple[bool, ...], ...]
"""Rows from the top, True where dark, with the quiet zone around."""

QUIET_MODULES = 4
"""How wide the light border is that a reader needs (§9.1)."""

_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
_BLACK_ON_WHITE, _AS_BEFORE = "\x1b[30;107m", "\x1b[0m"  # ECMA-48 §8.3.117, with xterm's bright


def modules(text: str) -> Modules:
    """The code of a text in ASCII, at most 2300 characters; 15 % of it may be dirty."""
    import segno  # only who shows a code waits for it

    code = segno.make_qr(text, error="m")
    return tuple(tuple(map(bool, row)) for row in code.matrix_iter(border=QUIET_MODULES))


def half_blocks(rows: Modules) -> str:
    """The code in lines of half blocks, two modules a character, dark on light on any terminal."""
    light = (False,) * len(rows[0])
    lower = (*rows[1::2], light)
    pairs = zip(rows[::2], lower, strict=False)
    lines = ("".join(map(_BLOCKS.__getitem__, zip(*pair, strict=True))) for pair in pairs)
    return "\n".join(f"{_BLACK_ON_WHITE}{line}{_AS_BEFORE}" for line in lines)
