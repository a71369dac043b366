"""Owns the two sets of colours, light and dark, and what each colour is for.

Plain data without Qt. Which set is in force is the theme's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

type ColourName = Literal[
    "text", "muted", "disabled", "accent", "on_accent", "running", "waiting", "problem", "up",
    "down", "line", "field_line",
]  # fmt: skip
"""The colours an icon or a line can have."""


@dataclass(frozen=True, slots=True)
class Colours:
    """One set of colours, each as ``#rrggbb``.

    Text in ``text``, ``muted``, ``accent``, ``running``, ``waiting``, ``problem``, ``up`` and
    ``down`` may stand on ``window``, ``card``, ``hover`` and ``accent_soft`` with a contrast of at
    least 4.5 : 1; each state's colour may stand on its own ``…_soft``; ``on_accent`` stands on
    ``accent_fill``. ``field_line`` bounds what can be typed in (3 : 1); ``line`` only separates.
    """

    window: str
    card: str
    hover: str
    line: str
    field_line: str
    text: str
    muted: str
    disabled: str
    accent: str
    accent_fill: str
    accent_hover: str
    accent_pressed: str
    accent_soft: str
    on_accent: str
    running: str
    running_soft: str
    waiting: str
    waiting_soft: str
    problem: str
    problem_soft: str
    up: str
    down: str
    tip: str
    tip_text: str


LIGHT = Colours(
    window="#f4f6f7",
    card="#ffffff",
    hover="#eaeef0",
    line="#d9dfe3",
    field_line="#7f8992",
    text="#1b2127",
    muted="#57626c",
    disabled="#8c959d",
    accent="#0a6b85",
    accent_fill="#0b6f8a",
    accent_hover="#095f77",
    accent_pressed="#074f63",
    accent_soft="#dcf0f5",
    on_accent="#ffffff",
    running="#1a7340",
    running_soft="#e0f3e6",
    waiting="#875400",
    waiting_soft="#fdf0d5",
    problem="#b3271e",
    problem_soft="#fce8e6",
    up="#0a6b85",
    down="#8a3f9c",
    tip="#2b333a",
    tip_text="#f4f6f7",
)

DARK = Colours(
    window="#1a1d20",
    card="#23272b",
    hover="#2c3136",
    line="#3a4147",
    field_line="#747e87",
    text="#e9ecee",
    muted="#a4aeb7",
    disabled="#737d85",
    accent="#62c3dc",
    accent_fill="#117d9b",
    accent_hover="#0e6e89",
    accent_pressed="#0a5a70",
    accent_soft="#123c49",
    on_accent="#ffffff",
    running="#62cc8a",
    running_soft="#173626",
    waiting="#efb650",
    waiting_soft="#3d2f12",
    problem="#ff8f84",
    problem_soft="#3d2120",
    up="#62c3dc",
    down="#d69be6",
    tip="#e9ecee",
    tip_text="#1a1d20",
)
