"""Texts for cmd.exe and PowerShell fall into words; their paths stay whole."""

from __future__ import annotations

import pytest

from bascule.errors import SpecError
from bascule.spec.foreign.windows import read_windows, shell_of
from bascule.spec.foreign.words import Mark, Word, whole


def texts(text: str, shell: str) -> list[str]:
    return [token.text for token in read_windows(whole(text), shell) if isinstance(token, Word)]


@pytest.mark.parametrize(
    ("text", "shell"),
    [
        ("socat a b", "posix"),
        ("socat a \\\n b", "posix"),
        ("socat.exe a b", "cmd"),
        ("socat a ^\n b", "cmd"),
        ("socat TCP-L:%PORT% b", "cmd"),
        (r"C:\> socat a b", "cmd"),
        ("netsh interface portproxy add v4tov4 1 2", "cmd"),
        ("socat a `\n b", "powershell"),
        (r"PS C:\> socat a b", "powershell"),
        ("& 'C:\\x\\socat.exe' a b", "powershell"),
    ],
)
def test_the_shell_shows_in_the_text(text: str, shell: str) -> None:
    assert shell_of(text) == shell


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (r'"C:\Program Files\socat.exe" a b', [r"C:\Program Files\socat.exe", "a", "b"]),
        ("socat a^,b ^\n c", ["socat", "a,b", "c"]),
        (r'socat "say \"x\"" C:\new\t.txt', ["socat", 'say "x"', r"C:\new\t.txt"]),
        ("socat 100%% 'a b'", ["socat", "100%", "'a", "b'"]),
        ("rem socat\nsocat a", ["socat", "a"]),
        ('socat "C:\\dir\\" a', ["socat", "C:\\dir\\", "a"]),
    ],
)
def test_cmd(text: str, wanted: list[str]) -> None:
    assert texts(text, "cmd") == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("socat 'it''s' \"a `\"b`\" c\"", ["socat", "it's", 'a "b" c']),
        ("socat a `\n b # done", ["socat", "a", "b"]),
        ("& 'C:\\my tools\\socat.exe' a", [r"C:\my tools\socat.exe", "a"]),
        ('socat "a""b" $', ["socat", 'a"b', "$"]),
    ],
)
def test_powershell(text: str, wanted: list[str]) -> None:
    assert texts(text, "powershell") == wanted


@pytest.mark.parametrize(
    ("text", "shell", "token"),
    [
        ("nc %HOST% 1", "cmd", "%HOST%"),
        ("nc %1 1", "cmd", "%1"),
        ('nc "$env:HOST" 1', "powershell", "$env:HOST"),
        ("nc ${port} 1", "powershell", "${port}"),
    ],
)
def test_a_value_that_only_the_shell_knows_is_missing(text: str, shell: str, token: str) -> None:
    word = read_windows(whole(text), shell)[1]
    assert isinstance(word, Word)
    assert [each.token for each in word.missing] == [token]


def test_marks() -> None:
    tokens = read_windows(whole("type a | nc h 1 > out 2>&1 & nc h 2"), "cmd")
    assert [t.text for t in tokens if isinstance(t, Mark)] == ["|", ">", "2>&", "&"]


@pytest.mark.parametrize(
    ("text", "shell"), [('nc "a', "cmd"), ("nc 'a", "powershell"), ('nc "a', "powershell")]
)
def test_a_quote_without_its_partner_is_refused_where_it_stands(text: str, shell: str) -> None:
    with pytest.raises(SpecError, match="does not end") as caught:
        read_windows(whole(text), shell)
    assert caught.value.facts["position"] == 3
