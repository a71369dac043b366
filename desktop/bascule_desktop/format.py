"""Owns how figures are written for people: rates, sizes, spans and moments, in units they know.

Pure: a number goes in, a text comes out. Exact values are for tooltips (``exact_bytes``).
"""

from __future__ import annotations

import time

from PySide6.QtCore import QCoreApplication, QLocale

translate = QCoreApplication.translate

_STEP = 1000.0
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def _size_units() -> tuple[str, ...]:
    return (
        translate("Format", "B"),
        translate("Format", "kB"),
        translate("Format", "MB"),
        translate("Format", "GB"),
        translate("Format", "TB"),
    )


def _rate_units() -> tuple[str, ...]:
    return (
        translate("Format", "B/s"),
        translate("Format", "kB/s"),
        translate("Format", "MB/s"),
        translate("Format", "GB/s"),
        translate("Format", "TB/s"),
    )


def power_of(value: float) -> int:
    """How often 1000 goes into a value: the index of its unit, after rounding."""
    power = 0
    while value >= _STEP - 0.5 and power < len(_size_units()) - 1:
        value /= _STEP
        power += 1
    return power


def scaled(value: float, power: int) -> str:
    """A value in a unit, with as many digits as say something: ``0.4``, ``1.2``, ``34``, ``0``."""
    shown = value / _STEP**power
    digits = 1 if power and 0 < shown < 9.95 else 0
    return QLocale().toString(shown, "f", digits)


def size(count: float) -> str:
    """Bytes: ``820 B``, ``1.2 MB``."""
    power = power_of(count)
    return f"{scaled(count, power)}\N{NO-BREAK SPACE}{_size_units()[power]}"


def rate(per_second: float) -> str:
    """Bytes per second: ``0 B/s``, ``1.2 kB/s``."""
    power = power_of(per_second)
    return f"{scaled(per_second, power)}\N{NO-BREAK SPACE}{_rate_units()[power]}"


def rate_unit(power: int) -> str:
    """The unit of rates for a power of 1000."""
    return _rate_units()[power]


def rate_pair(up: float, down: float) -> str:
    """Both ways in one unit, short enough for a row: ``↑ 0.1 ↓ 34 kB/s``."""
    power = power_of(max(up, down))
    return f"↑ {scaled(up, power)} ↓ {scaled(down, power)}\N{NO-BREAK SPACE}{rate_unit(power)}"


def count(number: int) -> str:
    """A number with its thousands apart."""
    return QLocale().toString(number)


def exact_bytes(number: int) -> str:
    """Every byte: ``1,234,567 bytes``."""
    return translate("Format", "{count} bytes").format(count=count(number))


def duration(seconds: float) -> str:
    """A span with two units at most: ``4 s``, ``3 min``, ``2 h 5 min``, ``3 d 4 h``."""
    whole = max(int(seconds), 0)
    if whole < _MINUTE:
        return translate("Format", "{seconds} s").format(seconds=whole)
    if whole < _HOUR:
        return translate("Format", "{minutes} min").format(minutes=whole // _MINUTE)
    if whole < _DAY:
        hours, minutes = whole // _HOUR, whole % _HOUR // _MINUTE
        if not minutes:
            return translate("Format", "{hours} h").format(hours=hours)
        return translate("Format", "{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    return translate("Format", "{days} d {hours} h").format(
        days=whole // _DAY, hours=whole % _DAY // _HOUR
    )


def milliseconds(value: float) -> str:
    """A short time: ``3.2 ms``, ``48 ms``."""
    digits = 0 if value >= 9.95 else 1
    return f"{QLocale().toString(float(value), 'f', digits)}\N{NO-BREAK SPACE}ms"


def exact_span(seconds: float) -> str:
    """A span that somebody has chosen, not rounded and never a single unit, so that it can stand
    after "every": ``2.5 s``, ``60 s``, ``5 min``, ``60 min``, ``2 h``.
    """
    if seconds >= 2 * _HOUR and seconds % _MINUTE == 0:
        return duration(seconds)
    if seconds >= 2 * _MINUTE and seconds % _MINUTE == 0:
        return translate("Format", "{minutes} min").format(minutes=int(seconds // _MINUTE))
    said = QLocale().toString(float(seconds), "g", 6)
    return translate("Format", "{seconds} s").format(seconds=said)


def ago(at: float, now: float) -> str:
    """How long since a moment: ``just now``, ``3 min ago``."""
    if now - at < 5:
        return translate("Format", "just now")
    return translate("Format", "{span} ago").format(span=duration(now - at))


def moment(at: float) -> str:
    """A moment of today: ``14:03:21``; of another day with its date."""
    local, today = time.localtime(at), time.localtime()
    clock = time.strftime("%H:%M:%S", local)
    if local[:3] == today[:3]:
        return clock
    return f"{time.strftime('%Y-%m-%d', local)} {clock}"


def countdown(until: float, now: float) -> int:
    """Whole seconds until a moment, at least 0; the last second counts as 1."""
    left = until - now
    return max(int(left) + (left > int(left)), 0)
