"""Owns the sentences for files of certificates and keys."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from bascule.errors import ErrorCode
from bascule_desktop.messages.sentence import ActionHint, Explain, Facts, HintKind, Sentence
from bascule_desktop.messages.value import go_to

translate = QCoreApplication.translate


def _file(facts: Facts) -> str:
    return facts.first("path", "file", "subject")


def _choose(facts: Facts) -> ActionHint | None:
    if not facts.field:
        return None
    return ActionHint(
        HintKind.CHOOSE_FILE, translate("Messages", "Choose another file"), facts.field
    )


def _certificate_unreadable(facts: Facts) -> Sentence:
    file = _file(facts)
    return Sentence(
        translate("Messages", "The certificate file {file} cannot be read").format(file=file)
        if file
        else translate("Messages", "The certificate file cannot be read"),
        translate(
            "Messages",
            "It is missing, you may not read it, or it is not a certificate in PEM form "
            "(a text file that begins with BEGIN CERTIFICATE).",
        ),
        translate("Messages", "Choose the file again, or let Bascule make a certificate for you."),
        _choose(facts),
        translate("Messages", "This file is not a certificate in PEM form, or cannot be read."),
    )


def _certificate_unwritable(facts: Facts) -> Sentence:
    file = _file(facts)
    return Sentence(
        translate("Messages", "The certificate cannot be written to {file}").format(file=file)
        if file
        else translate("Messages", "The certificate cannot be written"),
        translate("Messages", "The disk is full, or you may not write in that folder."),
        translate("Messages", "Make room or allow writing there, then try again."),
        ActionHint(HintKind.TRY_AGAIN, translate("Messages", "Try again")),
    )


def _key_unreadable(facts: Facts) -> Sentence:
    file = _file(facts)
    return Sentence(
        translate("Messages", "The key file {file} cannot be read").format(file=file)
        if file
        else translate("Messages", "The key file cannot be read"),
        translate(
            "Messages",
            "It is missing, you may not read it, or it is not a private key in PEM form "
            "(a text file with the words PRIVATE KEY).",
        ),
        translate("Messages", "Choose the key file that came with the certificate."),
        _choose(facts),
        translate("Messages", "This file is not a private key in PEM form, or cannot be read."),
    )


def _key_encrypted(facts: Facts) -> Sentence:
    return Sentence(
        translate("Messages", "The key is protected by a passphrase"),
        translate("Messages", "Whoever made the key file locked it with a passphrase."),
        translate("Messages", "Type the passphrase in the field below the key file."),
        go_to(facts),
        translate("Messages", "This key is protected: type its passphrase."),
    )


def _passphrase_wrong(facts: Facts) -> Sentence:
    return Sentence(
        translate("Messages", "The passphrase does not open the key"),
        translate("Messages", "It is mistyped, or belongs to another key."),
        translate("Messages", "Type the passphrase again; capital and small letters differ."),
        go_to(facts),
        translate("Messages", "This passphrase does not open the key."),
    )


def _key_mismatch(facts: Facts) -> Sentence:
    return Sentence(
        translate("Messages", "Certificate and key do not belong together"),
        translate(
            "Messages",
            "The key is that of another certificate, perhaps of the one before the last renewal.",
        ),
        translate("Messages", "Choose the key that was made together with this certificate."),
        _choose(facts),
        translate("Messages", "This key does not belong to the certificate."),
    )


EXPLAINED: dict[ErrorCode, Explain] = {
    ErrorCode.CERTIFICATE_UNREADABLE: _certificate_unreadable,
    ErrorCode.CERTIFICATE_UNWRITABLE: _certificate_unwritable,
    ErrorCode.KEY_UNREADABLE: _key_unreadable,
    ErrorCode.KEY_ENCRYPTED: _key_encrypted,
    ErrorCode.KEY_PASSPHRASE_WRONG: _passphrase_wrong,
    ErrorCode.KEY_MISMATCH: _key_mismatch,
}
