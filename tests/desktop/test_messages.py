"""Every code has a sentence, in both languages, in the words of the person and without any code."""

from __future__ import annotations

import string
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication

from bascule.errors import ErrorCode, Fact, Problem
from bascule.streams.program import label_of, split
from bascule.streams.program_stream import failure
from bascule_desktop.messages import HintKind, details, explain, explain_field, explained_codes
from bascule_desktop.resources import resource

FACTS: dict[str, Fact] = {
    "host": "10.0.0.3",
    "port": 8080,
    "program": "nginx",
    "pid": 812,
    "suggestion": 8081,
    "device": "COM5",
    "group": "dialout",
    "setting": "parity",
    "value": "mark",
    "subject": "server.example:443",
    "peer": "server.example:443",
    "proxy": "10.0.0.3:1080",
    "target": "host.example:80",
    "why": "it says so",
    "names": "other.example",
    "not_after": 1_800_000_000.0,
    "seconds": 10.0,
    "limit": 5,
    "holder": "10.0.0.7:50000",
    "version": "5",
    "looks_like": "HTTP",
    "spoken": "HTTP",
    "path": "file.pem",
    "line": 4,
    "rule": "range",
    "minimum": 1,
    "maximum": 65535,
}


@pytest.fixture
def french(qapp: QApplication) -> Iterator[None]:
    translator = QTranslator()
    assert translator.load("bascule_fr", str(resource("translations")))
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


def problem(code: ErrorCode, field: str | None = None, **facts: Fact) -> Problem:
    return Problem(code, "for the log", field, facts)


def test_every_code_is_explained() -> None:
    assert explained_codes() == frozenset(ErrorCode)


@pytest.mark.parametrize("code", list(ErrorCode))
@pytest.mark.parametrize("facts", [{}, FACTS], ids=["no facts", "all facts"])
@pytest.mark.parametrize("field", [None, "source.port", "target.via.0.host"])
def test_a_sentence_is_whole(code: ErrorCode, facts: dict[str, Fact], field: str | None) -> None:
    said = explain(Problem(code, "for the log", field, facts))
    short = explain_field(Problem(code, "for the log", field, facts))
    for text in (said.title, said.cause, said.action, short):
        assert text == text.strip() != ""
        assert not {name for _, name, _, _ in string.Formatter().parse(text) if name}
        assert "  " not in text
        assert "!" not in text
        assert "error" not in text.lower()
        assert code not in text
    assert not said.title.endswith(".")
    assert said.cause.endswith(".")
    assert said.action.endswith(".")
    if said.button is not None:
        assert said.button.label
    assert said.text.splitlines() == [said.title, said.cause, said.action]


@pytest.mark.parametrize("code", list(ErrorCode))
@pytest.mark.parametrize("facts", [{}, FACTS], ids=["no facts", "all facts"])
def test_a_sentence_is_french_as_well(
    code: ErrorCode, facts: dict[str, Fact], request: pytest.FixtureRequest
) -> None:
    english = explain(Problem(code, "for the log", None, facts))
    request.getfixturevalue("french")
    french = explain(Problem(code, "for the log", None, facts))
    assert (french.title, french.cause, french.action) != (
        english.title,
        english.cause,
        english.action,
    )
    for ours, theirs in zip(french.text.splitlines(), english.text.splitlines(), strict=True):
        assert ours != theirs
        assert not {name for _, name, _, _ in string.Formatter().parse(ours) if name}


def test_a_taken_port_names_the_program_and_offers_another() -> None:
    said = explain(
        problem(
            ErrorCode.ADDRESS_IN_USE,
            "source.port",
            host="127.0.0.1",
            port=8080,
            program="nginx",
            pid=812,
            suggestion=8081,
        )
    )
    assert said.title == "Port 8080 is already used by nginx"
    assert "812" in said.cause
    assert said.button is not None
    assert (said.button.kind, said.button.value) == (HintKind.USE_PORT, "8081")
    assert said.button.label == "Use 8081 instead"


def test_a_taken_socket_is_no_port() -> None:
    assert explain(problem(ErrorCode.ADDRESS_IN_USE, path="/run/x")).title == (
        "The socket /run/x is already in use"
    )


def test_a_reserved_port_offers_one_that_is_not() -> None:
    button = explain(problem(ErrorCode.ADDRESS_FORBIDDEN, port=80)).button
    assert button is not None
    assert (button.kind, button.value) == (HintKind.USE_PORT, "8080")


def test_a_forbidden_device_comes_with_the_line_to_type() -> None:
    button = explain(problem(ErrorCode.DEVICE_FORBIDDEN, device="x", group="dialout")).button
    assert button is not None
    assert (button.kind, button.value) == (HintKind.COPY, "sudo usermod -aG dialout $USER")


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"rule": "range", "minimum": 1, "maximum": 65535}, "from 1 to 65535"),
        ({"rule": "minimum", "minimum": 0}, "at least 0"),
        ({"rule": "choice", "choices": "4, 5"}, "4, 5"),
        ({"rule": "networks", "entry": "10.x"}, "“10.x”"),
        ({"rule": "networks"}, "192.168.1.0/24"),
        ({"entry": "a b"}, "“a b”"),
        ({"minimum": 1, "maximum": 825}, "from 1 to 825"),
        ({"rule": "socks4_password"}, "SOCKS 5"),
        ({}, "change it"),
    ],
)
def test_a_wrong_value_is_explained_by_its_rule(facts: dict[str, Fact], words: str) -> None:
    assert words in explain_field(Problem(ErrorCode.VALUE_INVALID, "", "source.port", facts))


@pytest.mark.parametrize(
    ("code", "facts", "words"),
    [
        (ErrorCode.TLS_UNTRUSTED, {"whose": "own", "peer": "x"}, "does not trust your"),
        (ErrorCode.TLS_CLIENT_CERTIFICATE_REQUIRED, {"given": True, "peer": "x"}, "not accept"),
        (ErrorCode.TLS_NAME_MISMATCH, {"peer": "a:1", "names": "b"}, "a:1"),
        (ErrorCode.PROXY_ONION_FAILED, {"target": "x.onion:80", "reply": 244}, "x.onion:80"),
        (ErrorCode.HANDSHAKE_CUT, {"peer": "x:1"}, "x:1"),
        (ErrorCode.DEVICE_SETTING_REFUSED, {"setting": "baud", "value": 12345}, "12345"),
    ],
)
def test_facts_reach_the_title(code: ErrorCode, facts: dict[str, Fact], words: str) -> None:
    assert words in explain(Problem(code, "", None, facts)).title


def test_who_connects_without_a_certificate_is_not_told_to_choose_one() -> None:
    said = explain(problem(ErrorCode.TLS_CLIENT_CERTIFICATE_REQUIRED, "source.tls", peer="x:1"))
    assert said.title == "x:1 shows no certificate"


def test_braces_in_a_fact_do_no_harm() -> None:
    assert "{port}" in explain(problem(ErrorCode.HOST_UNKNOWN, subject="{port}")).title


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("taken", "A file of this name is there already."),
        ("outside", "outside the folder"),
        ("no_archive", "no tar archive"),
        ("too_much", "More arrived than"),
        ("shorter", "became shorter"),
        ("anything else", "The system says: no space."),
    ],
)
def test_why_files_were_not_sent_or_received(reason: str, words: str) -> None:
    facts: dict[str, Fact] = {"path": "/srv/in/a.txt", "why": "no space", "reason": reason}
    said = explain(Problem(ErrorCode.FILE_FAILED, "no", None, facts))
    assert "a.txt" in said.title
    assert words in said.cause
    assert said.action


def test_details_are_for_experts() -> None:
    text = details(problem(ErrorCode.TIMED_OUT, "target.host", seconds=10))
    assert text.splitlines() == [
        "code: timed_out",
        "message: for the log",
        "field: target.host",
        "seconds: 10",
    ]


def test_a_command_from_elsewhere_is_shown_before_it_runs() -> None:
    said = explain(problem(ErrorCode.COMMAND_UNCONFIRMED, command="rm -r x"))
    assert said.button is not None
    assert (said.button.kind, said.button.value) == (HintKind.CONFIRM, "rm -r x")


@pytest.mark.parametrize(
    ("status", "said", "cause"),
    [
        (3, "", "It ended with status 3."),
        (
            255,
            "ssh: one\nssh: no route\n",
            "It ended with status 255. The last it said: “ssh: no route”",
        ),
        (-9, "half", "It was ended by signal 9. The last it said: “half”"),
        (0xC0000135, "", "It ended with status 0xc0000135."),
    ],
)
def test_how_a_program_ended_is_told_with_its_last_words(
    status: int, said: str, cause: str
) -> None:
    error = failure("ssh …", status, said)
    assert explain(error.problem).title == "ssh has failed"
    assert explain(error.problem).cause == cause


@pytest.mark.parametrize(
    ("command", "interpreter", "name"),
    [
        ("curl -s host", "none", "curl"),
        ("socat", "none", "socat"),
        ("/usr/bin/tr a-z A-Z", "none", "tr"),
        ("echo a; exit 7", "system", "sh"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows takes a line, not words")
def test_a_title_names_the_program_and_nothing_cut_off(
    command: str, interpreter: str, name: str
) -> None:
    label = label_of(split(command, interpreter, "command"), interpreter)
    assert explain(failure(label, 7, "").problem).title == f"{name} has failed"
    there_is_none = problem(ErrorCode.PROGRAM_NOT_FOUND, program=label)
    assert explain(there_is_none).title == f"There is no program {name}"
    forbidden = problem(ErrorCode.PROGRAM_FORBIDDEN, program=label)
    assert explain(forbidden).title == f"You may not start {name}"


def test_a_relay_that_is_too_long_is_not_taken_for_a_full_disk() -> None:
    said = explain(problem(ErrorCode.PROFILE_UNWRITABLE, path="/profiles/a.toml", longest=65_536))
    assert said.title == "This relay is too long to be saved"
    assert said.cause.startswith("With all its words it may have 6")
    assert "disk" not in said.text
