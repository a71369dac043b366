"""Pasting: what is found is shown, what runs is confirmed, what cannot be read is marked."""

from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QLabel, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from bascule.spec.endpoints import TcpConnect, TcpListen
from bascule.spec.foreign.found import Reading
from bascule.spec.foreign.read import read_text
from bascule.spec.local import Program
from bascule.spec.socat.verdicts import Verdict, VerdictKind
from bascule_desktop.pasted import LONGEST_CHARACTERS
from bascule_desktop.views.found_card import VerdictTable
from tests.desktop.views.pasting import PLAIN, RUNS, Open, button, drafts, shown, words
from tests.desktop.wizard.played import PATIENCE_SECONDS, rounds, signalled

# what is found ----------------------------------------------------------------------------------


async def test_a_command_is_said_drawn_and_judged_word_by_word(open_paste: Open) -> None:
    dialog = open_paste()
    assert dialog.focusWidget() is dialog.field
    assert not dialog.go_on.isEnabled()
    await shown(dialog, PLAIN)
    (card,) = dialog.cards
    (said,) = words(card, "found_sentence")
    assert said.startswith("Bascule listens on port 8080 of this computer")
    assert said.endswith("to intranet.example, port 80.")
    picture = card.findChild(QWidget, "route")
    assert picture is not None
    assert "intranet.example" in picture.accessibleName()
    assert words(card, "verdict_token") == ["fork", "bind=127.0.0.1"]
    assert words(card, "verdict_word") == ["Done", "Done"]
    assert words(card, "verdict_text")[1] == "It uses the local address 127.0.0.1."
    assert dialog.go_on.isEnabled()


@pytest.mark.parametrize(
    ("text", "badge", "said"),
    [
        ("https://old.example/", "address", "to old.example, port 443"),
        ("COM5,19200,8N1", "serial port", "COM5"),
    ],
)
async def test_a_place_alone_is_a_relay_that_leads_there(
    open_paste: Open, text: str, badge: str, said: str
) -> None:
    dialog = open_paste()
    await shown(dialog, text)
    (card,) = dialog.cards
    assert any(label.text() == badge for label in card.findChildren(QLabel))
    assert said in words(card, "found_sentence")[0]
    assert words(card, "verdict_token")[0] in ("https", "COM5")
    assert dialog.go_on.isEnabled()


async def test_continue_hands_over_the_relay(open_paste: Open, qtbot: QtBot) -> None:
    dialog = open_paste()
    seen = drafts(dialog)
    await shown(dialog, PLAIN)
    keys = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return, keys)
    ((draft, card),) = seen
    assert dialog.field.text == PLAIN
    assert draft.relay == read_text(PLAIN).found[0].relay
    assert isinstance(draft.relay.target, TcpConnect)
    assert draft.relay.target.host == "intranet.example"
    dialog.finish(card)
    assert not dialog.isVisible()


async def test_a_program_runs_only_when_somebody_has_read_it(open_paste: Open) -> None:
    dialog = open_paste()
    seen = drafts(dialog)
    await shown(dialog, RUNS)
    command = dialog.findChild(QPlainTextEdit, "run_command")
    assert command is not None
    assert command.toPlainText() == "/bin/cat -u"
    assert command.isReadOnly()
    dialog.go_on.click()
    assert (seen, dialog.go_on.isEnabled()) == ([], False)
    assert dialog.status.text() == "Confirm what it runs, then continue."
    (box,) = dialog.findChildren(QCheckBox, "confirm_run")
    box.click()
    assert dialog.status.text() == ""
    dialog.go_on.click()
    assert isinstance(seen[0][0].relay.target, Program)
    assert seen[0][0].relay.target.command == "/bin/cat -u"
    # Another text is another command: what was confirmed was the first.
    await shown(dialog, RUNS.replace("cat -u", "cat -n"))
    assert not dialog.go_on.isEnabled()


async def test_nothing_goes_on_while_the_text_is_another(open_paste: Open) -> None:
    dialog = open_paste()
    seen = drafts(dialog)
    await shown(dialog, PLAIN)
    dialog.field.insertPlainText(",rubbish")
    assert not dialog.go_on.isEnabled()
    dialog.cards[0].continue_wanted.emit()
    assert seen == []


async def test_several_relays_are_continued_with_one_by_one(open_paste: Open) -> None:
    def read(text: str) -> Reading:
        found = [read_text(line).found[0] for line in text.splitlines()]
        return Reading(tuple(found), (Verdict("&", VerdictKind.IGNORED, "It runs anyhow."),))

    dialog = open_paste(read)
    seen = drafts(dialog)
    await shown(dialog, f"{PLAIN}\nsocat TCPP:a:1 TCP:b:1\n{PLAIN.replace('8080', '8081')}")
    assert len(dialog.cards) == 2
    assert dialog.status.text().startswith("2 ")
    assert words(dialog, "refused_title") == ["“TCPP” cannot be read"]
    assert "It runs anyhow." in words(dialog, "verdict_text")
    assert dialog.go_on.isHidden()
    dialog.cards[1].go_on.click()
    assert [draft.relay.source for draft, _ in seen] == [TcpListen(8081, keepalive=False)]
    dialog.finish(seen[0][1])
    assert dialog.isVisible()
    assert not dialog.cards[1].go_on.isEnabled()
    dialog.cards[0].go_on.click()
    dialog.finish(seen[1][1])
    assert not dialog.isVisible()


async def test_many_relays_are_shown_a_few_at_a_time(open_paste: Open) -> None:
    def read(text: str) -> Reading:
        return Reading(tuple(read_text(line).found[0] for line in text.splitlines()))

    dialog = open_paste(read)
    ports = range(7001, 7021)
    await shown(dialog, "\n".join(PLAIN.replace("8080", str(port)) for port in ports))
    assert len(dialog.cards) < 10
    assert dialog.status.text().startswith("20 ")
    for card in dialog.cards:
        card.mark_saved()
    dialog.finish(dialog.cards[0])
    assert dialog.isVisible()  # there is more
    while dialog.more.isVisible():
        dialog.more.click()
    sources = [card.found.relay.source for card in dialog.cards if card.found.relay is not None]
    assert [source.port for source in sources if isinstance(source, TcpListen)] == list(ports)
    places = [dialog._results.indexOf(card) for card in dialog.cards]
    assert places == sorted(places)
    await shown(dialog, PLAIN)
    assert not dialog.more.isVisible()


async def test_of_long_commands_to_confirm_fewer_are_shown_at_a_time(open_paste: Open) -> None:
    dialog = open_paste(read_text)
    await shown(dialog, f"socat - TCP:intranet:80{' | socat - TCP:intranet:80' * 500}")
    assert len(dialog.cards) == 1
    (command,) = dialog.cards[0].findChildren(QPlainTextEdit, "run_command")
    assert command.toPlainText() == dialog.cards[0].found.runs[0]
    assert dialog.more.text() == "Show 1 more"
    assert dialog.status.text().startswith("200 ")
    dialog.more.click()
    assert len(dialog.cards) == 2


async def test_many_words_are_shown_a_few_at_a_time(open_paste: Open) -> None:
    dialog = open_paste(read_text)
    await shown(dialog, f"socat TCP-LISTEN:8080{',reuseaddr' * 5_000} TCP:intranet:80")
    (table,) = dialog.cards[0].findChildren(VerdictTable)
    counts = [len(table.findChildren(QLabel, "verdict_text"))]
    while len(counts) < 3:
        table.more.click()
        counts.append(len(table.findChildren(QLabel, "verdict_text")))
    assert counts == [50, 100, 150]
    assert table.more.text() == "Show 50 more"
    rows = table.layout()
    assert rows is not None
    assert rows.indexOf(table.more) == rows.count() - 1


async def test_what_is_open_to_all_and_what_ends_after_one_is_said(open_paste: Open) -> None:
    dialog = open_paste()
    await shown(dialog, "socat TCP-LISTEN:7 TCP:a:1")
    said = [label.text() for label in dialog.findChildren(QLabel)]
    assert any("Anyone on the network can connect" in each for each in said)
    assert any("one connection and then stops" in each for each in said)


# what cannot be read ----------------------------------------------------------------------------


async def test_a_wrong_word_is_marked_and_what_is_near_takes_its_place(open_paste: Open) -> None:
    dialog = open_paste()
    text = "socat TCP-LISTEN:7,fork,bind=127.0.0.1 TCPP:host:80"
    await shown(dialog, text)
    (marked,) = dialog.field.extraSelections()
    assert marked.cursor.selectedText() == "TCPP"
    lines = words(dialog, "refused_excerpt")[0].splitlines()
    assert lines[0][lines[1].index("^") :].startswith("TCPP")
    assert not dialog.go_on.isEnabled()
    button(dialog, "Show the place").click()
    assert dialog.field.textCursor().position() == text.index("TCPP")
    await signalled(dialog.settled, button(dialog, "Write TCP there").click)
    assert dialog.field.text == text.replace("TCPP", "TCP")
    assert dialog.go_on.isEnabled()
    assert dialog.field.extraSelections() == []


async def test_what_is_near_leaves_the_value(open_paste: Open) -> None:
    dialog = open_paste()
    await shown(dialog, "socat TCP-LISTEN:7,fork,bnd=127.0.0.1 TCP:host:80")
    await signalled(dialog.settled, button(dialog, "Write bind there").click)
    assert "bind=127.0.0.1" in dialog.field.text


@pytest.mark.parametrize(
    "text",
    ["hello", "socat 'TCP", "socat", "(" * 5_000, "x" * (LONGEST_CHARACTERS - 9)],
)
async def test_what_is_no_command_gets_a_sentence(open_paste: Open, text: str) -> None:
    dialog = open_paste()
    await shown(dialog, text)
    assert words(dialog, "refused_title")
    assert words(dialog, "refused_cause")[0].endswith((".", "?"))
    assert not dialog.go_on.isEnabled()
    await shown(dialog, "")
    assert dialog.findChild(QWidget, "paste_hint") is not None


async def test_more_than_one_reads_is_refused_at_once(open_paste: Open, qtbot: QtBot) -> None:
    dialog = open_paste()
    await shown(dialog, PLAIN)
    QGuiApplication.clipboard().setText("x" * 1_000_000)
    qtbot.keyClick(dialog.field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert dialog.field.text == PLAIN
    assert words(dialog, "refused_title") == ["This is too long to be a command"]


async def test_what_is_no_text_is_refused_before_anything_is_drawn(open_paste: Open) -> None:
    dialog = open_paste()
    await shown(dialog, PLAIN)
    data = Path(sys.executable).read_bytes()[: 2 * 30_000]
    for encoding in ("utf-8", "latin-1", "utf-16-le"):
        dialog.show_text(data.decode(encoding, "replace"))
        assert dialog.field.text == PLAIN
        assert words(dialog, "refused_title")[-1] == "This is not a text"


async def test_a_newer_text_wins_and_the_window_goes_on(open_paste: Open) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def read(text: str) -> Reading:
        if "slow" in text:
            begun.set()
            assert go_on.wait(PATIENCE_SECONDS)
        return read_text(text)

    dialog = open_paste(read)
    dialog.show_text(PLAIN.replace("intranet", "slow"))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not begun.is_set():  # the loop of the window goes round meanwhile
            await asyncio.sleep(0)
    dialog.show_text(PLAIN)
    await rounds(lambda: dialog._wanted_text == PLAIN)
    await signalled(dialog.settled, go_on.set)
    assert "intranet" in words(dialog, "found_sentence")[0]
