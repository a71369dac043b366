"""How the command of a program is put into socat's words."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bascule.spec.local import Program
from bascule.spec.socat.write_program import command_words
from tests.core.spec.socat.test_ends import read

COMMANDS = st.text("ab \\\\\\'\"()[]{},:!=;$\n-pty", min_size=1).filter(lambda text: text.strip())


@pytest.mark.parametrize(
    ("keyword", "command", "text"),
    [
        ("SYSTEM", "date", "SYSTEM:date"),
        ("SYSTEM", "echo a, b", r"SYSTEM:'echo a, b'"),
        ("SYSTEM", "nc h:80", "SYSTEM:'nc h:80'"),
        ("SYSTEM", 'printf "a\\n"', r"""SYSTEM:'printf "a\\n"'"""),
        ("SYSTEM", "echo 'a'", r"SYSTEM:'echo \'a\''"),
        ("EXEC", "ls -l", "EXEC:ls -l"),
        ("EXEC", "sh -c 'a b'", r"EXEC:'sh -c \'a b\''"),
        ("EXEC", "ls a[b c]", "EXEC:'ls a[b c]',shell-words"),
    ],
)
def test_a_command(keyword: str, command: str, text: str):
    assert command_words(keyword, command).text == text


@given(COMMANDS, st.sampled_from(["SYSTEM", "SHELL", "EXEC"]))
def test_a_command_comes_back_unchanged(command: str, keyword: str):
    end = read(command_words(keyword, command).text)
    assert isinstance(end, Program)
    assert end.command == command


@given(COMMANDS, st.sampled_from(["SYSTEM", "SHELL"]))
def test_socat_reads_what_is_for_a_shell_as_we_do(command: str, keyword: str):
    words = command_words(keyword, command)
    assert read(words.text, strict=True).command == command


@given(st.lists(st.text("ab'\" \\,:[", min_size=1, max_size=5), min_size=1, max_size=3))
def test_words_of_exec_come_back(argv: list[str]):
    end = read(command_words("EXEC", shlex.join(argv)).text)
    assert shlex.split(end.command) == argv
