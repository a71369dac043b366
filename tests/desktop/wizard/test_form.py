"""The form that every spec gets for free, and the widgets for single values."""

from __future__ import annotations

from typing import cast

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from bascule.spec.built_in import Room, Text
from bascule.spec.codec import from_data, to_data
from bascule.spec.endpoints import (
    ClientTls,
    ProxyHop,
    SerialPort,
    ServerTls,
    TcpConnect,
    TcpListen,
    UnixConnect,
    UnixListen,
)
from bascule.spec.fields import Field, FieldKind, Spec
from bascule.spec.relays import RelaySpec
from bascule_desktop.engine_link import EngineLink
from bascule_desktop.tasks import Tasks
from bascule_desktop.theme import GRID, Theme
from bascule_desktop.wizard.context import Context
from bascule_desktop.wizard.data import get, put
from bascule_desktop.wizard.editors import (
    CommandEditor,
    LinesEditor,
    NetworksEditor,
    NumberEditor,
    SecretEditor,
    choices_of,
)
from bascule_desktop.wizard.form import OptionalForm, SpecForm
from bascule_desktop.wizard.listen import ListenPart
from bascule_desktop.wizard.pieces import LABEL_WIDTH
from tests.desktop.wizard.played import PlayedClient, PlayedLink, rounds

FULL: list[Spec] = [
    TcpListen(2001, "::", ServerTls("/c", "/k", "a" * 32, "/ca"), 7, False, False),
    UnixListen("/run/x", "660", ServerTls("/c", "/k"), 9),
    TcpConnect(
        "h.example",
        443,
        (ProxyHop("4a", "p", 9, "me"), ProxyHop("5", "q", 8, "you", "b" * 32)),
        ClientTls(False, "/ca", "name", "/c", "/k", "d" * 32),
        2.5,
        "ipv6",
        "::1",
        False,
        False,
    ),
    UnixConnect("/run/y", ClientTls(server_name="n"), 3.0),
    SerialPort("COM5", 1200, 7, "odd", "2", "dsr-dtr", "off", "unchanged"),
    RelaySpec(
        SerialPort("COM5"),
        TcpConnect("h", 1),
        ("10.0.0.0/8", "::1"),
        4,
        "queue",
        1.5,
        0.5,
        2.0,
        30.0,
    ),
]


@pytest.fixture
def context(link: PlayedLink, theme: Theme) -> Context:
    window = QWidget()

    def report(problem: Exception) -> None:
        raise problem

    return Context(cast(EngineLink, link), theme, Tasks(window, report), window)


@pytest.mark.parametrize("spec", FULL, ids=lambda spec: type(spec).__name__)
def test_what_a_form_is_given_it_gives_back(spec: Spec, context: Context) -> None:
    form = SpecForm(context, type(spec), "", fold=True)
    form.read(to_data(spec, keep_defaults=True))
    data = to_data(spec, keep_defaults=True) if spec.kind else {}
    form.write(data)
    assert from_data(type(spec), data) == spec
    assert [row.check() for row in form.rows()] == [None] * len(list(form.rows()))
    assert form.secrets() == {}


@pytest.mark.parametrize("spec", FULL, ids=lambda spec: type(spec).__name__)
def test_every_field_has_a_name_for_who_does_not_see_it(spec: Spec, context: Context) -> None:
    form = SpecForm(context, type(spec), "")
    form.read(to_data(spec, keep_defaults=True))
    for row in form.rows():
        assert row.editor.input.accessibleName() == row.title or row.path.startswith("via")
        assert row.label.buddy() is row.editor.input
        assert row.editor.input.objectName() == row.path


def test_a_group_that_is_off_is_not_checked(context: Context) -> None:
    form = SpecForm(context, TcpListen, "source")
    assert [row.path for row in form.rows() if row.path.startswith("source.tls.")] == []
    data = {"source": {"kind": "tcp-listen", "tls": {"certificate": "x", "key": "y"}}}
    form.read(data)
    assert "source.tls.certificate" in [row.path for row in form.rows()]


def test_paths() -> None:
    data = {"a": {"b": 1}}
    assert get(data, "a.b") == 1
    assert get(data, "a.c.d") is None
    put(data, "a.c.d", 2)
    assert data == {"a": {"b": 1, "c": {"d": 2}}}


@pytest.mark.parametrize(
    ("typed", "value"), [("12", 12), (" 7 ", 7), ("x", "x"), ("", ""), ("1.5", "1.5")]
)
def test_a_whole_number_as_typed(typed: str, value: object, qapp: object) -> None:
    editor = NumberEditor(Field(FieldKind.INTEGER, ""))
    editor.edit.setText(typed)
    assert editor.value() == value


def test_seconds_with_a_comma(qapp: object) -> None:
    editor = NumberEditor(Field(FieldKind.SECONDS, ""))
    editor.edit.setText("1,5")
    assert editor.value() == 1.5
    editor.set_value(10.0)
    assert editor.edit.text() == "10"


def test_networks_are_separated_by_commas(qapp: object) -> None:
    editor = NetworksEditor()
    editor.edit.setText("10.0.0.0/8; ::1,, 192.168.1.7")
    assert editor.value() == ["10.0.0.0/8", "::1", "192.168.1.7"]


def test_a_small_range_is_a_choice() -> None:
    bits = Field(FieldKind.INTEGER, "", minimum=5, maximum=8)
    assert choices_of("data_bits", bits) == {"8": 8, "7": 7, "6": 6, "5": 5}
    assert choices_of("backlog", Field(FieldKind.INTEGER, "", minimum=1, maximum=99)) == {}


def test_a_secret_keeps_its_reference_until_somebody_types(context: Context) -> None:
    editor = SecretEditor(context)
    editor.set_value("old")
    assert (editor.value(), editor.secrets()) == ("old", {})
    assert editor.edit.placeholderText() == "Saved. Type to replace it."
    assert editor.edit.echoMode() is QLineEdit.EchoMode.Password
    editor.edit.setText("new")
    fresh = editor.value()
    assert fresh not in ("old", "")
    assert editor.secrets() == {fresh: "new"}
    editor.edit.clear()
    assert (editor.value(), editor.secrets()) == ("old", {})
    editor._forget.trigger()
    assert (editor.value(), editor.secrets()) == ("", {})
    editor._eye.trigger()
    assert editor.edit.echoMode() is QLineEdit.EchoMode.Normal


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "192.168.1.5", "::"])
def test_who_can_reach_it(host: str, context: Context) -> None:
    part = ListenPart(context, 2001)
    part.show()
    part.read({"source": {"host": host, "port": 1}, "allow": []})
    data: dict[str, object] = {}
    part.write(data)
    assert get(data, "source.host") == host
    assert part.exposed is (host != "127.0.0.1")
    assert part.open_note.isHidden() is not part.exposed
    part.allow.editor.set_value(["10.0.0.0/8"])
    assert part.open_note.isHidden()
    part.write(data)
    assert data["allow"] == (["10.0.0.0/8"] if part.exposed else [])


async def test_a_port_is_proposed_while_nobody_typed_one(
    context: Context, client: PlayedClient
) -> None:
    part = ListenPart(context, 2001)
    part.propose()
    part.port.editor.set_value(7)
    await rounds(lambda: not context.tasks.running("propose port"))
    assert part.port.editor.value() == 7
    part.port.editor.set_value("")
    part.propose()
    await rounds(lambda: not context.tasks.running("propose port"))
    assert part.port.editor.value() == 2001


async def test_a_proposed_port_is_replaced_by_what_is_typed_next(context: Context) -> None:
    part = ListenPart(context, 2001)
    part.show()
    part.activateWindow()
    part.port.editor.setFocus()
    await rounds(part.port.editor.input.hasFocus)
    part.propose()
    await rounds(lambda: not context.tasks.running("propose port"))
    QTest.keyClicks(part.port.editor.input, "3945")
    assert part.port.editor.value() == 3945


def test_an_allow_list_is_kept_where_only_this_computer_can_come(context: Context) -> None:
    part = ListenPart(context, 2001)
    data: dict[str, object] = {
        "source": {"host": "127.0.0.1", "port": 1},
        "allow": ["127.0.0.2"],
    }
    part.read(data)
    assert not part.allow.field.isHidden()
    written: dict[str, object] = {}
    part.write(written)
    assert written["allow"] == ["127.0.0.2"]


def test_one_that_was_typed_for_the_network_is_not(context: Context) -> None:
    part = ListenPart(context, 2001)
    part.reach.network.setChecked(True)
    part.allow.editor.set_value(["10.0.0.0/8"])
    part.reach.this.setChecked(True)
    written: dict[str, object] = {}
    part.write(written)
    assert written["allow"] == []


@pytest.mark.parametrize(
    "text", ["one\ntwo\n", "GET / HTTP/1.0\r\n\r\n", "10\u00a0kg", "a\rb", "\u2028", ""]
)
def test_a_text_that_nobody_edits_stays_as_it_is(text: str, context: Context) -> None:
    form = SpecForm(context, Text, "")
    form.read({"text": text})
    data: dict[str, object] = {}
    form.write(data)
    assert data["text"] == text


def test_an_edited_text_keeps_its_line_ends(qapp: object) -> None:
    editor = LinesEditor()
    editor.set_value("10\u00a0kg\r\nnet\r\n")
    editor.edit.appendPlainText("done")
    assert editor.value() == "10\u00a0kg\r\nnet\r\n\r\ndone"


def test_a_command_has_no_spaces_around_it(qapp: object) -> None:
    editor = CommandEditor()
    editor.edit.setPlainText("  sort \\\n  -u\n")
    assert editor.value() == "sort \\\n  -u"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.0, "0"),
        (10.0, "10"),
        (0.05, "0.05"),
        (1_234_567.5, "1234567.5"),
        (31_536_000.0, "31536000"),
    ],
)
def test_seconds_are_shown_in_full(seconds: float, shown: str, qapp: object) -> None:
    editor = NumberEditor(Field(FieldKind.SECONDS, ""), "seconds")
    editor.set_value(seconds)
    assert editor.edit.text() == shown
    assert editor.value() == seconds


def test_a_hint_is_seen_where_the_field_is_filled_from_the_start(context: Context) -> None:
    form = SpecForm(context, TcpListen, "source")
    rows = {row.path: row for row in form.rows()}
    host, port = rows["source.host"], rows["source.port"]
    assert host.hint.text() == "127.0.0.1: this computer only; 0.0.0.0: the whole network"
    assert host.editor.input.accessibleDescription() == host.hint.text()
    host.editor.set_value("no host")
    assert host.check() is not None
    assert host.hint.isHidden(), "what is wrong takes its place"
    host.editor.set_value("127.0.0.1")
    assert not host.hint.isHidden()
    assert port.hint.isHidden()


def test_a_group_is_made_when_it_is_wanted(context: Context) -> None:
    part = OptionalForm(context, ServerTls, "source.tls", "TLS")
    assert part.findChildren(SpecForm) == []
    part.switch.box.setChecked(True)
    assert "source.tls.key" in [row.path for row in part.rows()]
    part.switch.box.setChecked(False)
    data: dict[str, object] = {}
    part.write(data)
    assert get(data, "source.tls") is None


def test_switches_stand_in_the_column_of_fields_even_among_themselves(context: Context) -> None:
    form = SpecForm(context, Room, "target", ("announce", "include_self"))
    form.resize(600, 200)
    form.show()
    boxes = [row.editor.mapTo(form, QPoint()).x() for row in form.rows()]
    assert boxes == [LABEL_WIDTH + 2 * GRID] * 2
