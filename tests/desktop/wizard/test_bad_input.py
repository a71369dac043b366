"""What cannot be is said in a sentence beside the field it was typed in, and keeps you there."""

from __future__ import annotations

from typing import cast

import pytest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from bascule_desktop.wizard.editors import Editor
from bascule_desktop.wizard.kind_choice import KindChoice
from bascule_desktop.wizard.page import RelayPage
from tests.desktop.wizard.conftest import Open
from tests.desktop.wizard.played import rounds

EMPTY = "Please fill this in."
PORT = "Use a number from 1 to 65535."
HOST = (
    "Use a host name such as server.example, or an address such as 10.0.0.3, without “http://” "
    "and without a port."
)

TERMINAL = (
    "“Very raw” is not a setting of a terminal. Write raw, echo=0 or b115200, separated by commas."
)

# kind of the target, what is typed where, the field that is wrong, what is said there
type Case = tuple[str, dict[str, str], str, str]

CASES: list[Case] = [
    ("tcp-connect", {"host": "", "port": "80"}, "host", EMPTY),
    ("tcp-connect", {"host": "my host", "port": "80"}, "host", HOST),
    ("tcp-connect", {"host": "10.0.0.3:80", "port": "80"}, "host", HOST),
    ("tcp-connect", {"host": "http://server.example", "port": "80"}, "host", HOST),
    ("tcp-connect", {"host": "10.0.0.300", "port": "80"}, "host", HOST),
    ("tcp-connect", {"host": "fe80::1%", "port": "80"}, "host", HOST),
    ("tcp-connect", {"host": "server.example", "port": ""}, "port", EMPTY),
    ("tcp-connect", {"host": "server.example", "port": "http"}, "port", PORT),
    ("tcp-connect", {"host": "server.example", "port": "99999"}, "port", PORT),
    ("udp-connect", {"host": "server.example", "port": "0"}, "port", PORT),
    (
        "udp-datagram",
        {"host": "239.1.2.3", "port": "5000", "allow": "10.0.0.x"},
        "allow",
        "“10.0.0.x” is not an address. Write 192.168.1.20 or 192.168.1.0/24, separated by commas.",
    ),
    ("unix-connect", {"path": ""}, "path", EMPTY),
    ("named-pipe-connect", {"name": " "}, "name", EMPTY),
    ("program", {"command": " \n "}, "command", EMPTY),
    (
        "program",
        {"command": "cat", "terminal": "raw, Very raw"},
        "terminal",
        TERMINAL,
    ),
    ("file", {"path": ""}, "path", EMPTY),
    (
        "file",
        {"path": "/x", "mode": "rw-"},
        "mode",
        "Use permissions in octal, such as 600 or 660.",
    ),
    (
        "file",
        {"path": "/x", "exclusive": "yes"},
        "create",
        "Another setting needs this one: switch it on as well.",
    ),
    ("descriptor", {"number": "-1"}, "number", "Use a number from 0 to 65535."),
    ("text", {"text": ""}, "text", EMPTY),
    (
        "failover",
        {
            "targets.0.host": "a",
            "targets.0.port": "1",
            "targets.1.host": "b c",
            "targets.1.port": "2",
        },
        "targets.1.host",
        HOST,
    ),
    (
        "fan-out",
        {
            "targets.0.host": "a",
            "targets.0.port": "1",
            "targets.1.host": "b",
            "targets.1.port": "2",
            "answering": "3",
        },
        "answering",
        "Use a number from 0 to 2.",
    ),
    (
        "dual",
        {
            "reading.host": "a",
            "reading.port": "1",
            "writing.host": "b",
            "writing.port": "x",
        },
        "writing.port",
        PORT,
    ),
]


def type_into(editor: Editor, text: str) -> None:
    """Type as a person does; a switch is clicked."""
    match editor.input:
        case QLineEdit() as line:
            line.setText(text)
        case QPlainTextEdit() as lines:
            lines.setPlainText(text)
        case _:
            editor.set_value(True)


def choose_target(page: RelayPage, kind: str) -> None:
    combo = page.findChild(KindChoice, "target.kind")
    assert combo is not None
    cast(KindChoice, combo).choose(kind)


@pytest.mark.parametrize(
    ("kind", "typed", "wrong", "sentence"),
    CASES,
    ids=[f"{kind}-{wrong}-{number}" for number, (kind, _, wrong, _) in enumerate(CASES)],
)
async def test_it_is_said_where_it_was_typed(
    kind: str, typed: dict[str, str], wrong: str, sentence: str, open_wizard: Open
) -> None:
    dialog = open_wizard(preset="expert")
    page = dialog.page
    assert page is not None
    choose_target(page, kind)
    all_typed = {"source.port": "7000"} | {f"target.{name}": typed[name] for name in typed}
    for name, text in all_typed.items():
        editor = page.editor_at(name)
        assert editor is not None
        type_into(editor, text)
    dialog.next.click()
    await rounds(lambda: not dialog.tasks.running("next"))
    said = {row.path: row.note.text() for row in page.rows() if row.problem is not None}
    assert said == {f"target.{wrong}": sentence}
    row = next(row for row in page.rows() if row.problem is not None)
    assert row.note.isVisible(), "it may be folded away"
    assert row.editor.input.accessibleDescription() == sentence
    assert page.isVisible()


@pytest.mark.parametrize("host", ["fe80::1%eth0", "[fe80::1%eth0]", "::1", "größe.example"])
async def test_addresses_of_every_form_are_taken(host: str, open_wizard: Open) -> None:
    dialog = open_wizard(preset="expert")
    page = dialog.page
    assert page is not None
    for name, text in {"source.port": "7000", "target.host": host, "target.port": "80"}.items():
        editor = page.editor_at(name)
        assert editor is not None
        type_into(editor, text)
    assert page.check_rows()
    relay = page.check()
    assert relay is not None
    assert getattr(relay.target, "host", "") == host
