"""Owns the sentences for programs and files."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from bascule.errors import ErrorCode
from bascule_desktop.messages.sentence import ActionHint, Explain, Facts, HintKind, Sentence
from bascule_desktop.messages.value import go_to

translate = QCoreApplication.translate


def _program(facts: Facts) -> str:
    """Its name alone: the engine calls it ``ssh …`` or ``sh -c …`` where it is told more, which in
    a sentence looks like something cut off.
    """
    name = facts.first("program", "subject").removesuffix(" …").removesuffix(" -c")
    return name or translate("Messages", "The program")


def _file(facts: Facts) -> str:
    return facts.first("path", "subject") or translate("Messages", "The file")


def _again() -> ActionHint:
    return ActionHint(HintKind.TRY_AGAIN, translate("Messages", "Try again"))


def _program_not_found(facts: Facts) -> Sentence:
    return Sentence(
        facts.fill(translate("Messages", "There is no program {name}"), name=_program(facts)),
        translate("Messages", "It is not installed, or it is in a folder that is not searched."),
        translate("Messages", "Install it, or give its whole path."),
        go_to(facts),
        translate("Messages", "There is no such program."),
    )


def _program_forbidden(facts: Facts) -> Sentence:
    return Sentence(
        facts.fill(translate("Messages", "You may not start {name}"), name=_program(facts)),
        translate("Messages", "The file is not a program, or it belongs to somebody else."),
        translate("Messages", "Choose a program that you may start."),
        go_to(facts),
        translate("Messages", "You may not start this program."),
    )


def _program_failed(facts: Facts) -> Sentence:
    return Sentence(
        facts.fill(translate("Messages", "{name} has failed"), name=_program(facts)),
        _how_it_ended(facts),
        translate("Messages", "Try the command in a terminal: it says there what it lacks."),
        _again(),
    )


def _how_it_ended(facts: Facts) -> str:
    """With the last that the program said, which is often all there is to know."""
    status = facts["status"]
    if status.isdecimal() and int(status) > 255:  # Windows' own, which are known by their digits
        status = hex(int(status))
    if facts["signal"]:
        how = facts.fill(translate("Messages", "It was ended by signal {signal}."))
    elif status:
        how = facts.fill(translate("Messages", "It ended with status {status}."), status=status)
    else:
        how = translate("Messages", "It ended, and said that something went wrong.")
    if lines := facts["said"].strip().splitlines():
        last = translate("Messages", "The last it said: “{said}”")
        how = f"{how} {last.format(said=lines[-1].strip())}"
    return how


def _file_missing(facts: Facts) -> Sentence:
    return Sentence(
        facts.fill(translate("Messages", "{name} is not there"), name=_file(facts)),
        translate("Messages", "The file or its folder was moved, renamed or never made."),
        translate("Messages", "Open it where it is now. Nothing was imported.")
        if "imported" in facts
        else translate("Messages", "Choose another file, or let Bascule make it."),
        go_to(facts),
        translate("Messages", "This file is not there."),
    )


def _file_forbidden(facts: Facts) -> Sentence:
    return Sentence(
        facts.fill(translate("Messages", "You may not open {name}"), name=_file(facts)),
        translate("Messages", "It belongs to somebody else, or it may only be read."),
        translate("Messages", "Choose another file, or have its permissions changed."),
        go_to(facts),
        translate("Messages", "You may not open this file."),
    )


def _file_full(facts: Facts) -> Sentence:
    return Sentence(
        facts.fill(translate("Messages", "There is no room left for {name}"), name=_file(facts)),
        translate("Messages", "The disk is full. What was written until then is kept."),
        translate("Messages", "Make room on the disk, then try again."),
        _again(),
    )


def _transfer_reasons() -> dict[str, tuple[str, str]]:
    """Why files cannot be sent or received where the system has nothing against it; what to do."""
    return {
        "taken": (
            translate("Messages", "A file of this name is there already."),
            translate(
                "Messages",
                "Move it away, or edit the relay so that the new file gets a number.",
            ),
        ),
        "outside": (
            translate("Messages", "What was sent would be written outside the folder."),
            translate("Messages", "Ask who sent it what it is before you receive it again."),
        ),
        "no_name": (
            translate("Messages", "What was sent has a name that no file can have here."),
            translate("Messages", "Ask who sent it to give it another name, and send it again."),
        ),
        "too_much": (
            translate("Messages", "More arrived than this relay may write."),
            translate(
                "Messages",
                "Ask who sent it for less, or edit the relay and let it write more megabytes.",
            ),
        ),
        "no_archive": (
            translate("Messages", "What arrived is no tar archive, or it was cut off."),
            translate(
                "Messages",
                "Send it again. For one file as it is, give it a name in the relay's settings.",
            ),
        ),
        "shorter": (
            translate("Messages", "It became shorter while it was sent."),
            translate("Messages", "Send it again when nothing changes it any more."),
        ),
    }


def _file_failed(facts: Facts) -> Sentence:
    title = facts.fill(translate("Messages", "{name} cannot be used"), name=_file(facts))
    reasons = _transfer_reasons()
    if "reason" in facts and facts["reason"] in reasons:
        return Sentence(title, *reasons[facts["reason"]], _again())
    return Sentence(
        title,
        facts.fill(translate("Messages", "The system says: {why}."))
        if "why" in facts
        else translate("Messages", "The system gives no other reason."),
        translate("Messages", "Try another file or folder."),
        _again(),
    )


def _command_unconfirmed(facts: Facts) -> Sentence:
    return Sentence(
        translate("Messages", "A command has to be confirmed first"),
        translate(
            "Messages",
            "This relay came from somebody else and would run a command on this computer.",
        ),
        translate("Messages", "Read the command, and allow it only if you know what it does."),
        ActionHint(HintKind.CONFIRM, translate("Messages", "Show the command…"), facts["command"]),
    )


EXPLAINED: dict[ErrorCode, Explain] = {
    ErrorCode.COMMAND_UNCONFIRMED: _command_unconfirmed,
    ErrorCode.PROGRAM_NOT_FOUND: _program_not_found,
    ErrorCode.PROGRAM_FORBIDDEN: _program_forbidden,
    ErrorCode.PROGRAM_FAILED: _program_failed,
    ErrorCode.FILE_MISSING: _file_missing,
    ErrorCode.FILE_FORBIDDEN: _file_forbidden,
    ErrorCode.FILE_FULL: _file_full,
    ErrorCode.FILE_FAILED: _file_failed,
}
