"""How the command of a program is read as its author meant it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bascule.spec.socat.meant import Meant, for_exec, is_windows_path, read_command

PRINTF = r'printf "a=%s\n" "$(date -Is)"'


def meant(text: str, keyword: str = "SYSTEM", *, windows: bool = False) -> Meant:
    """Read the command of ``KEYWORD:text``."""
    return read_command(f"{keyword}:{text}", len(keyword) + 1, keyword, windows=windows)


@pytest.mark.parametrize(
    ("text", "command", "rest", "noted"),
    [
        ("date", "date", "", False),
        (PRINTF, PRINTF, "", True),
        (f"{PRINTF},pty,stderr", PRINTF, ",pty,stderr", True),
        (r"printf \"a=%s\\n\" \"$(date -Is)\"", PRINTF, "", False),
        ("echo a, b", "echo a, b", "", True),
        ("'echo it, pty'", "echo it, pty", "", False),
        ("'echo a',pty", "echo a", ",pty", False),
        ('"ls -l",pipes', "ls -l", ",pipes", False),
        ("echo don't,pty", "echo don't", ",pty", True),
        ('echo "a,pty"', 'echo "a,pty"', "", True),
        ("echo a!!b", "echo a!!b", "", True),
        ("echo a!!-", "echo a", "!!-", False),
        ("echo a!!-,raw", "echo a", "!!-,raw", False),
        ("echo a!!TCP:h:1", "echo a", "!!TCP:h:1", False),
        ("cat,hop=x", "cat,hop=x", "", True),  # no option of a program
        (r"nc h\:80", "nc h:80", "", False),
        (r"echo a\, b", "echo a, b", "", False),
        (r"echo '\:' \:", r"echo '\:' :", "", True),
        (r"echo a \\" + "\n b", "echo a \\\n b", "", False),
        (r"grep a\.b", r"grep a\.b", "", True),
        (r"echo $(a \"b c\")", 'echo $(a "b c")', "", False),
        ('awk "$(awk -F\\"a b\\" x)"', 'awk "$(awk -F"a b" x)"', "", True),
        ('echo "$(echo \\"a\\")"', 'echo "$(echo \\"a\\")"', "", True),  # the shell's own
        ('echo "$(echo \\"a b)"', 'echo "$(echo \\"a b)"', "", True),
        ('echo "$(echo \\"a b\\" "c")"', 'echo "$(echo \\"a b\\" "c")"', "", True),
        (r"echo \"a", r"echo \"a", "", True),  # one alone is the shell's
        (r"echo '(' \:", r"echo '(' :", "", True),
        (r"echo ( \:", "echo ( :", "", False),
    ],
)
def test_a_command_is_what_its_author_meant(text: str, command: str, rest: str, noted: bool):
    found = meant(text)
    assert (found.command, f"SYSTEM:{text}"[found.end :]) == (command, rest)
    assert bool(found.note) is noted


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (PRINTF, "Socat 1.8 would read 'printf a=%s\\n $(date -Is)'"),
        ("nc h:80", "Socat 1.8 would take a colon in it for the end of a parameter"),
        ("echo don't", "Socat 1.8 would refuse it: the quote ' does not end"),
        ("echo " + "x" * 600, "Socat 1.8 would read 511 bytes of it only."),
        ("echo '" + "y" * 80 + "'", "…"),
    ],
)
def test_in_what_socat_differs(text: str, said: str):
    taken, differs = meant(text).note
    assert taken.text == "The command is taken as it was meant."
    assert said in differs.text


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("ls -l", "ls -l"),
        ("'a \"b c\"'", 'a "b c"'),
        ("'a [b c]'", "a '[b c]'"),
        (" ls ", "ls"),
        ("' '", ""),
        ('sh -c "a b"', 'sh -c "a b"'),
        ("sh -c 'a \\\n b'", "sh -c 'a \\\n b'"),
        ("ls \\\n -l", "ls  -l"),
    ],
)
def test_exec_is_split_as_it_was_meant(text: str, command: str):
    assert meant(text, "EXEC").command == command


def test_where_options_may_be_for_other_addresses_they_end_it_too():
    text = "SYSTEM:ls,retry=3"
    assert read_command(text, 7, "SYSTEM", windows=False).end == len(text)
    assert read_command(text, 7, "SYSTEM", windows=False, any_group=True).command == "ls"


def test_on_windows_exec_is_one_line_as_it_stands():
    assert meant("'a [b c]'", "EXEC", windows=True).command == "a [b c]"


def test_text_before_it_is_put_for_the_shells_rules():
    assert meant("'a [b c]'", "EXEC").text == "a [b c]"


def test_what_socat_could_not_split_stays():
    assert for_exec("a 'b") == "a 'b"


@pytest.mark.parametrize(
    ("path", "is_path"),
    [
        (r"C:\new", True),
        (r"C:\\new", False),
        ("C:/new", False),
        (r"\\srv\share", True),
        (r"\\.\COM12", True),
        (r"\\\\srv\\share", False),
        (r"\\n", False),
        ("", False),
    ],
)
def test_paths_of_windows(path: str, is_path: bool):
    assert is_windows_path(path) is is_path


def test_a_quoted_path_of_windows_is_a_command_as_it_stands():
    assert meant(r'"C:\new\a.exe"', "EXEC", windows=True).command == r'"C:\new\a.exe"'


@given(st.text("abc \\\\\\'\"()[]{},:!=$\n", max_size=40), st.sampled_from(["EXEC", "SYSTEM"]))
def test_any_text_is_a_command(text: str, keyword: str):
    for windows in (False, True):
        found = meant(text, keyword, windows=windows)
        assert len(keyword) + 1 <= found.end <= len(keyword) + 1 + len(text)
