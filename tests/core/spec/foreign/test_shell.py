"""What stands around commands in a text is seen without running anything."""

from __future__ import annotations

import pytest

from bascule.errors import SpecError
from bascule.spec.foreign.call import Call, Piece
from bascule.spec.foreign.shell import family_of, read_calls
from bascule.spec.foreign.words import whole


def calls(text: str, shell: str = "posix") -> list[Call]:
    return read_calls(whole(text), shell)


def words(call: Call) -> list[str]:
    return [word.text for word in call.words]


def test_families() -> None:
    assert family_of("/usr/bin/socat") == "socat"
    assert family_of("plink.exe") == "ssh"
    assert family_of("ls") == ""


def test_several_commands_in_one_text() -> None:
    text = "socat a b; socat c d && socat e f || socat g h\n(socat i j &)\n{ socat k l; }"
    assert [words(call)[1:] for call in calls(text)] == [
        ["a", "b"], ["c", "d"], ["e", "f"], ["g", "h"], ["i", "j"], ["k", "l"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "while true; do socat a b; sleep 1; done",
        "while :\ndo\n  socat a b\ndone &",
        "until socat a b; do sleep 1; done",
        "while ! socat a b; do :; done",
        "sh -c 'while true; do socat a b; done'",
    ],
)
def test_a_loop_begins_again(text: str) -> None:
    (call,) = calls(text)
    assert call.again
    assert words(call) == ["socat", "a", "b"]


def test_a_condition_is_no_loop() -> None:
    (call,) = calls("if true; then socat a b; fi; sleep 3")
    assert not call.again


def test_pipes_and_files() -> None:
    (call,) = calls("cat x | gzip -c | socat - b 2>err | tee y | wc -c")
    assert call.gives == Piece("command", "cat x | gzip -c")
    assert call.takes == Piece("command", "tee y | wc -c")
    (call,) = calls("socat - b < in.txt >> out.txt 2>&1")
    assert call.gives == Piece("file", "in.txt")
    assert call.takes == Piece("file", "out.txt", append=True)


def test_a_loop_in_a_pipe_is_kept_as_it_stands() -> None:
    (call,) = calls('socat -u a - | while read l; do echo "$l" | nc x 1; done')
    assert call.takes == Piece("command", 'while read l; do echo "$l" | nc x 1; done')
    (call,) = calls("while true; do date; done | socat - b")
    assert call.gives == Piece("command", "while true; do date; done")


def test_values_that_stand_in_the_text_are_known() -> None:
    (call,) = calls("PORT=80\nexport HOST='web'; socat TCP-L:$PORT TCP:${HOST}:$PORT")
    assert words(call) == ["socat", "TCP-L:80", "TCP:web:80"]
    (call,) = calls("$port = 80; socat TCP-L:$port b", "powershell")
    assert words(call) == ["socat", "TCP-L:80", "b"]
    (call,) = calls("set PORT=80\nsocat TCP-L:%PORT% b", "cmd")
    assert words(call) == ["socat", "TCP-L:80", "b"]


@pytest.mark.parametrize(
    "text",
    [
        "socat TCP-L:$PORT b",
        'if [ -z "$1" ]; then PORT=1; else PORT=$1; fi; socat TCP-L:$PORT b',
        "PORT=$1; socat TCP-L:$PORT b",
        "for PORT in 1 2; do socat TCP-L:$PORT b; done",
    ],
)
def test_values_that_depend_on_something_are_missing(text: str) -> None:
    (call,) = calls(text)
    assert [each.token for each in call.words[1].missing] == ["$PORT"]


def test_where_a_command_stands() -> None:
    text = "cd /tmp && sudo socat a b; ls"
    (call,) = calls(text)
    assert text[call.begin : call.end] == "sudo socat a b"


def test_brackets_without_end_are_refused() -> None:
    with pytest.raises(SpecError, match="too many") as caught:
        calls("socat a b;" + "(" * 50_000)
    assert caught.value.facts["position"] == 110


def test_a_closing_word_without_its_opening_one_is_passed_over() -> None:
    assert len(calls("done; ) } fi\nsocat a b")) == 1
