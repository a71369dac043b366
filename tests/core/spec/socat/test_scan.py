"""How a word of a command is cut, as meant and strictly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bascule.errors import BasculeError, SpecError
from bascule.spec.socat.scan import Address, Written, halves, read_address


def cut(
    text: str, *, strict: bool = False
) -> tuple[str, tuple[str, ...], list[tuple[str, str | None]]]:
    address = read_address(text, strict=strict)
    return address.keyword, address.params, [(o.name, o.value) for o in address.options]


@pytest.mark.parametrize("strict", [False, True])
def test_the_plain_grammar(strict: bool):
    assert cut("TCP-LISTEN:80,fork,,range=10.0.0.0/8,", strict=strict) == (
        "TCP-LISTEN", ("80",), [("fork", None), ("range", "10.0.0.0/8")]
    )  # fmt: skip
    assert cut("TCP:[::1]:80", strict=strict) == ("TCP", ("[::1]", "80"), [])
    assert cut("PTY", strict=strict) == ("PTY", (), [])
    assert cut("OPEN:'a,b:c',append", strict=strict) == ("OPEN", ("a,b:c",), [("append", None)])
    assert cut('OPEN:"a\\"b"', strict=strict) == ("OPEN", ('a"b',), [])


def test_a_windows_path_is_eaten_only_strictly():
    assert cut(r"OPEN:C:\new\table", strict=False)[1] == ("C", r"\new\table")
    assert cut(r"OPEN:\new", strict=True)[1] == ("\new",)


def test_options_carry_their_position():
    text = "TCP:h:1,one,two=2"
    assert read_address(text, strict=False) == Address(
        "TCP", ("h", "1"), (Written("one", None, 8), Written("two", "2", 12)), text
    )


PRINTF = r'printf "a=%s\n" "$(date -Is)"'


@pytest.mark.parametrize(
    ("text", "command", "options", "noted"),
    [
        (f"SYSTEM:{PRINTF}", PRINTF, [], True),
        (f"SYSTEM:{PRINTF},pty,stderr", PRINTF, ["pty", "stderr"], True),
        (r"SYSTEM:printf \"a=%s\\n\" \"$(date -Is)\"", PRINTF, [], False),
        ("EXEC:ssh h socat - UNIX-CONNECT:/run/x", "ssh h socat - UNIX-CONNECT:/run/x", [], True),
        (r"EXEC:ssh h socat - UNIX-CONNECT\:/run/x", "ssh h socat - UNIX-CONNECT:/run/x", [], False),  # noqa: E501
        ("SYSTEM:echo a, b", "echo a, b", [], True),
        ("SYSTEM:'echo it, pty'", "echo it, pty", [], False),
        ("EXEC:\"ls -l\",pipes", "ls -l", ["pipes"], False),
        ("SYSTEM:echo don't,pty", "echo don't", ["pty"], True),
        ('SYSTEM:echo "a,pty"', 'echo "a,pty"', [], True),
        ("SHELL:cat", "cat", [], False),
    ],
)  # fmt: skip
def test_a_command_is_what_its_author_meant(
    text: str, command: str, options: list[str], noted: bool
):
    address = read_address(text, strict=False)
    assert address.params == (command,)
    assert [each.name for each in address.options] == options
    assert bool(address.notes) == noted


def test_strictly_a_command_is_what_socat_makes_of_it():
    assert cut(f"SYSTEM:{PRINTF}", strict=True)[1] == ("printf a=%s\n $(date -Is)",)
    assert cut("EXEC:a b:c", strict=True)[1] == ("a b", "c")


@pytest.mark.parametrize(
    ("text", "position"),
    [("OPEN:'x", 5), ('OPEN:"x', 5), ("TCP:[::1:80", 4), ("OPEN:(a", 5)],
)
def test_what_does_not_end_is_told_with_its_place(text: str, position: int):
    with pytest.raises(SpecError) as caught:
        read_address(text, strict=False)
    assert caught.value.facts["position"] == position


def test_strictly_long_addresses_are_refused():
    long = "OPEN:" + "x" * 600
    assert read_address(long, strict=False).params == ("x" * 600,)
    with pytest.raises(SpecError, match="512"):
        read_address(long, strict=True)


def test_two_halves():
    assert halves("STDIN!!OPEN:x", strict=False) == ("STDIN", "OPEN:x")
    assert halves("'a!!b'", strict=False) == ("'a!!b'",)
    assert halves("SYSTEM:echo a!!b", strict=False) == ("SYSTEM:echo a!!b",)
    assert halves("SYSTEM:echo a!!b", strict=True) == ("SYSTEM:echo a", "b")


@given(st.text(max_size=60), st.booleans())
def test_any_text_raises_nothing_but_ours(text: str, strict: bool):
    try:
        for half in halves(text, strict=strict):
            read_address(half, strict=strict)
    except BasculeError:
        pass
