"""Owns the sentences for profiles, the saved files, and the secrets they refer to."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from bascule.errors import ErrorCode
from bascule_desktop import format as figures
from bascule_desktop.messages.sentence import ActionHint, Explain, Facts, HintKind, Sentence
from bascule_desktop.messages.value import go_to

translate = QCoreApplication.translate


def _folder(facts: Facts) -> ActionHint | None:
    path = facts.first("path", "file")
    if not path:
        return None
    return ActionHint(HintKind.OPEN_FOLDER, translate("Messages", "Show the file"), path)


def _damaged(facts: Facts) -> Sentence:
    if "imported" in facts:
        return Sentence(
            facts.fill(translate("Messages", "“{imported}” is no profile that Bascule can read")),
            translate("Messages", "It is something else, or it was damaged on its way."),
            translate(
                "Messages",
                "Have it exported and sent once more. Nothing was imported.",
            ),
            _folder(facts),
        )
    return Sentence(
        facts.fill(translate("Messages", "The profile cannot be read (line {line})"))
        if "line" in facts
        else translate("Messages", "The profile cannot be read"),
        translate("Messages", "The file was changed by hand, or was not written to its end."),
        translate(
            "Messages",
            "Correct the file, or delete the relay and make it again. The file stays as it is.",
        ),
        _folder(facts),
    )


def _newer(facts: Facts) -> Sentence:
    return Sentence(
        facts.fill(translate("Messages", "A newer Bascule wrote “{imported}”"))
        if "imported" in facts
        else translate("Messages", "A newer Bascule wrote this profile"),
        translate("Messages", "This version would misread it, so it leaves the file alone."),
        translate("Messages", "Install the newest Bascule to use it."),
        _folder(facts),
    )


def _unknown(facts: Facts) -> Sentence:
    del facts
    return Sentence(
        translate("Messages", "This relay does not exist any more"),
        translate("Messages", "Its profile was deleted, perhaps in another window."),
        translate("Messages", "Choose another relay, or make a new one."),
    )


def _unwritable(facts: Facts) -> Sentence:
    if "longest" in facts:
        return Sentence(
            translate("Messages", "This relay is too long to be saved"),
            facts.fill(
                translate("Messages", "With all its words it may have {size}."),
                size=figures.size(int(facts["longest"])),
            ),
            translate(
                "Messages", "Shorten what is longest: put a long command into a file and run that."
            ),
        )
    path = facts.first("path", "file", "subject")
    return Sentence(
        translate("Messages", "The profile cannot be saved in {path}").format(path=path)
        if path
        else translate("Messages", "The profile cannot be saved"),
        translate("Messages", "The disk is full, or you may not write in that folder."),
        translate("Messages", "Make room or allow writing there, then save again."),
        _folder(facts),
    )


def _secret(facts: Facts) -> Sentence:
    return Sentence(
        translate("Messages", "The saved password is missing"),
        translate(
            "Messages",
            "Passwords stay on the computer they were typed on; this profile comes from another "
            "one, or the keyring was emptied.",
        ),
        translate("Messages", "Edit the relay and type the password again."),
        go_to(facts),
        translate("Messages", "Type the password again: the saved one is missing."),
    )


EXPLAINED: dict[ErrorCode, Explain] = {
    ErrorCode.PROFILE_DAMAGED: _damaged,
    ErrorCode.PROFILE_NEWER: _newer,
    ErrorCode.PROFILE_UNKNOWN: _unknown,
    ErrorCode.PROFILE_UNWRITABLE: _unwritable,
    ErrorCode.SECRET_MISSING: _secret,
}
