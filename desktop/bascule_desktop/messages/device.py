"""Owns the sentences for serial ports."""

from __future__ import annotations

import sys

from PySide6.QtCore import QCoreApplication

from bascule.errors import ErrorCode
from bascule_desktop.labels import choice_label, field_label
from bascule_desktop.messages.sentence import ActionHint, Explain, Facts, HintKind, Sentence
from bascule_desktop.messages.value import go_to

translate = QCoreApplication.translate


def _device(facts: Facts) -> str:
    return facts.first("device", "subject") or translate("Messages", "The serial port")


def _say(facts: Facts, title: str) -> str:
    return facts.fill(title, device=_device(facts))


def _missing(facts: Facts) -> Sentence:
    return Sentence(
        _say(facts, translate("Messages", "{device} is not there")),
        translate(
            "Messages",
            "The cable is unplugged, the device is off, or it has another name since it was "
            "plugged in again.",
        ),
        translate("Messages", "Plug the device in, or choose another serial port."),
        go_to(facts),
        translate("Messages", "This serial port is not there. Is the cable plugged in?"),
    )


def _busy(facts: Facts) -> Sentence:
    if "program" in facts:
        title = translate("Messages", "{device} is already used by {program}")
    else:
        title = translate("Messages", "{device} is already used by another program")
    return Sentence(
        _say(facts, title),
        facts.fill(translate("Messages", "{program} (process {pid}) holds the serial port open."))
        if "program" in facts and "pid" in facts
        else translate("Messages", "Only one program at a time can hold a serial port open."),
        translate("Messages", "Close that program, then try again."),
        ActionHint(HintKind.TRY_AGAIN, translate("Messages", "Try again")),
        translate("Messages", "Another program holds this serial port open."),
    )


def _forbidden(facts: Facts) -> Sentence:
    group = facts["group"]
    title = _say(facts, translate("Messages", "You may not open {device}"))
    short = translate("Messages", "You may not open this serial port.")
    if sys.platform == "win32" and not group:
        return Sentence(
            title,
            translate("Messages", "Another program holds it open, or its driver does not let you."),
            translate("Messages", "Close programs that use the serial port, then try again."),
            ActionHint(HintKind.TRY_AGAIN, translate("Messages", "Try again")),
            short,
        )
    if not group:
        return Sentence(
            title,
            translate("Messages", "The system gives this serial port to other users."),
            translate("Messages", "Ask the administrator to let you use it."),
            go_to(facts),
            short,
        )
    return Sentence(
        title,
        translate(
            "Messages", "Only members of the group “{group}” may, and you are not one of them yet."
        ).format(group=group),
        translate(
            "Messages",
            "Have the administrator run the line below once, then log out and in again.",
        ),
        ActionHint(
            HintKind.COPY,
            translate("Messages", "Copy the line"),
            f"sudo usermod -aG {group} $USER",
        ),
        short,
    )


def _setting(facts: Facts) -> Sentence:
    setting = field_label("SerialPort", facts["setting"])
    choice = choice_label(facts["setting"], facts["value"])
    return Sentence(
        translate("Messages", "{device} does not accept “{setting}: {value}”").format(
            device=_device(facts), setting=setting, value=choice
        )
        if setting
        else _say(facts, translate("Messages", "{device} does not accept these line settings")),
        translate("Messages", "Its driver or its chip cannot do this speed or format."),
        translate(
            "Messages",
            "Choose the speed in the device's manual; 9600 or 115200 work nearly always.",
        ),
        go_to(facts),
        translate("Messages", "The serial port does not accept this setting."),
    )


def _gone(facts: Facts) -> Sentence:
    return Sentence(
        _say(facts, translate("Messages", "{device} was unplugged")),
        translate("Messages", "The cable came loose, or the device was switched off."),
        translate("Messages", "Plug it in again: the relay goes on by itself."),
        None,
        translate("Messages", "This serial port was unplugged."),
    )


def _failed(facts: Facts) -> Sentence:
    return Sentence(
        _say(facts, translate("Messages", "{device} does not work")),
        facts.fill(translate("Messages", "The system says: {why}."))
        if "why" in facts
        else translate("Messages", "The driver of the serial port reports trouble."),
        translate("Messages", "Unplug the device, plug it in again, then try again."),
        ActionHint(HintKind.TRY_AGAIN, translate("Messages", "Try again")),
        translate("Messages", "This serial port does not work."),
    )


EXPLAINED: dict[ErrorCode, Explain] = {
    ErrorCode.DEVICE_MISSING: _missing,
    ErrorCode.DEVICE_BUSY: _busy,
    ErrorCode.DEVICE_FORBIDDEN: _forbidden,
    ErrorCode.DEVICE_SETTING_REFUSED: _setting,
    ErrorCode.DEVICE_GONE: _gone,
    ErrorCode.DEVICE_FAILED: _failed,
}
