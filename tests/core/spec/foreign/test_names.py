"""Which lines are commands, and where they begin."""

from __future__ import annotations

import pytest

from bascule.spec.foreign.names import is_command_line, names_program, program_of, prompt_end


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("$ socat", "socat"),
        ("root@box:~# socat", "socat"),
        ("[root@box ~]# socat", "socat"),
        ("(venv) me@box:/srv$ socat", "socat"),
        (r"C:\Users\you> socat", "socat"),
        ("PS C:\\> socat", "socat"),
        ("socat - TCP:a:1", "socat - TCP:a:1"),
        ("# socat", "# socat"),
    ],
)
def test_a_prompt_that_was_copied_is_left_out(line: str, rest: str) -> None:
    assert line[prompt_end(line, root=False) :] == rest


def test_roots_prompt_stands_before_a_command_only() -> None:
    assert prompt_end("# socat - -", root=True) == 2
    assert prompt_end("# a comment on socat", root=True) == 0


@pytest.mark.parametrize(
    "line",
    [
        "socat a b",
        "sudo -u x socat a b",
        "A=1",
        "cat x | socat - b",
        "done",
        "/usr/bin/nc -l 1",
        "",
    ],
)
def test_commands(line: str) -> None:
    assert is_command_line(line)


@pytest.mark.parametrize("line", ["Use socat for it", "It's done.", "apt install socat", "- one"])
def test_prose(line: str) -> None:
    assert not is_command_line(line)


def test_a_program_is_known_by_its_name_alone() -> None:
    assert program_of(r"C:\tools\socat.EXE") == "socat"
    assert program_of("/usr/local/bin/ncat") == "ncat"
    assert names_program("docker run x") and names_program("a|nc -l 1")
    assert not names_program("sync functions")
