"""How a word is read into addresses, as meant and strictly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bascule.errors import BasculeError, SpecError
from bascule.spec.socat.reader import Option, Param, Single, read_word

type Cut = tuple[str, tuple[str, ...], list[tuple[str, str | None]]]


def cut(text: str, *, strict: bool = False, windows: bool = False) -> Cut:
    (single,) = read_word(text, strict=strict, windows=windows)
    return (
        single.keyword,
        tuple(param.text for param in single.params),
        [(option.name, option.value) for option in single.options],
    )


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tcp-l:80", ("TCP-LISTEN", ("80",), [])),
        ("PTY", ("PTY", (), [])),
        ("PIPE", ("PIPE", (), [])),
        ("PIPE:/x", ("PIPE", ("/x",), [])),
        ("EXEC:'a b'", ("EXEC", ("a b",), [])),
        ("TEXT:a b", ("TEXT", ("a b",), [])),
        ("TCP:[::1]:80", ("TCP-CONNECT", ("[::1]", "80"), [])),
        (
            "TCP-LISTEN:80,fork,,range=10.0.0.0/8,",
            ("TCP-LISTEN", ("80",), [("fork", None), ("range", "10.0.0.0/8")]),
        ),
        ("OPEN:'a,b:c',append", ("OPEN", ("a,b:c",), [("append", None)])),
        ("TCP:h:1,bind=a:b,x='c,d'", ("TCP-CONNECT", ("h", "1"), [("bind", "a:b"), ("x", "c,d")])),
        ("3", ("FD", ("3",), [])),
        ("./x,creat", ("GOPEN", ("./x",), [("creat", None)])),
        ("-,raw", ("STDIO", (), [("raw", None)])),
        ("33:a", ("33", ("a",), [])),  # two digits are no descriptor
    ],
)
def test_the_grammar(text: str, expected: Cut, strict: bool):
    assert cut(text, strict=strict) == expected


def test_everything_carries_its_place():
    text = "TCP:host:1,one,two='2'!!-"
    assert read_word(text, strict=True, windows=False) == [
        Single(
            "TCP-CONNECT",
            "TCP",
            0,
            (Param("host", 4), Param("1", 9)),
            (Option("one", None, "one", 11, 14), Option("two", "2", "two='2'", 15, 19)),
            (),
        ),
        Single("STDIO", "-", 24, (), (), ()),
    ]


@pytest.mark.parametrize(
    ("text", "meant", "strictly"),
    [
        ("/a:b,creat", ("GOPEN", ("/a:b",)), ("GOPEN", ("/a", "b"))),
        ("OPEN:/a:b", ("OPEN", ("/a:b",)), ("OPEN", ("/a", "b"))),
        (r"OPEN:C:\new", ("OPEN", (r"C:\new",)), ("OPEN", ("C", "\new"))),
        (r"OPEN:'C:\new'", ("OPEN", (r"C:\new",)), ("OPEN", ("C:\new",))),
        (r"OPEN:'C:\\new'", ("OPEN", (r"C:\new",)), ("OPEN", (r"C:\new",))),
        (r"C:\new", ("GOPEN", (r"C:\new",)), ("C", ("\new",))),
        ("C:/new", ("GOPEN", ("C:/new",)), ("C", ("/new",))),
        (r"\\srv\share", ("GOPEN", (r"\\srv\share",)), (r"\SRVSHARE", ())),
        ("COM5,raw", ("GOPEN", ("COM5",)), ("COM5", ())),
        ("com5:", ("GOPEN", ("com5",)), ("COM5", ("",))),
        (
            r"RECEIVE-FILES:C:\new",
            ("RECEIVE-FILES", (r"C:\new",)),
            ("RECEIVE-FILES", ("C", "\new")),
        ),
        ("SEND-FILES:C:/log", ("SEND-FILES", ("C:/log",)), ("SEND-FILES", ("C", "/log"))),
        ("SHARE-FILE:C:/log", ("SHARE-FILE", ("C:/log",)), ("SHARE-FILE", ("C", "/log"))),
        ("LOG-COLLECTOR:C:/log", ("LOG-COLLECTOR", ("C:/log",)), ("LOG-COLLECTOR", ("C", "/log"))),
        ("HTTP-ANSWER:a:b", ("HTTP-ANSWER", ("a:b",)), ("HTTP-ANSWER", ("a", "b"))),
        ("EXEC:ssh h -W a:1", ("EXEC", ("ssh h -W a:1",)), ("EXEC", ("ssh h -W a", "1"))),
    ],
)
def test_as_meant_and_strictly(
    text: str, meant: tuple[str, tuple[str, ...]], strictly: tuple[str, tuple[str, ...]]
):
    assert cut(text)[:2] == meant
    assert cut(text, strict=True)[:2] == strictly


def test_the_value_of_an_option_may_be_a_path_of_windows():
    assert cut(r"PTY,link=C:\new,x")[2] == [("link", r"C:\new"), ("x", None)]
    assert cut(r"PTY,link=C:\new,x", strict=True)[2] == [("link", "C:\new"), ("x", None)]


def test_a_command_goes_on_to_the_first_option_of_a_program():
    assert cut("EXEC:a b, c,stderr,pty") == ("EXEC", ("a b, c",), [("stderr", None), ("pty", None)])


def test_with_g_options_for_other_addresses_end_it_too():
    (single,) = read_word("EXEC:a,retry=3", strict=False, windows=False, any_group=True)
    assert (single.params[0].text, single.options[0].name) == ("a", "retry")
    assert cut("EXEC:a,retry=3") == ("EXEC", ("a,retry=3",), [])


def test_words_of_exec_stay_as_they_are_where_they_are_split_in_our_way():
    assert cut(r"EXEC:'a [b c]',shell-words")[1] == ("a [b c]",)
    assert cut("EXEC:'a [b c]'")[1] == ("a '[b c]'",)
    assert cut("EXEC:'a [b c]'", windows=True)[1] == ("a [b c]",)


@pytest.mark.parametrize(
    ("text", "strict", "position", "said"),
    [
        ("-!!-!!-", False, 4, "at most two halves"),
        ("-,=x", False, 2, "the name of an option is missing"),
        ("OPEN:" + "x" * 512, True, 5, "at most 511 bytes"),
        ("-,x=" + "y" * 2048, True, 4, "at most 2047 bytes"),
        (r"OPEN:a\0b", False, 5, "a zero byte"),
        ("OPEN:'x", False, 5, "does not end"),
    ],
)
def test_what_cannot_be_read(text: str, strict: bool, position: int, said: str):
    with pytest.raises(SpecError, match=said) as caught:
        read_word(text, strict=strict, windows=False)
    assert caught.value.facts["position"] == position


def test_strictly_a_zero_byte_ends_a_token():
    assert cut(r"OPEN:a\0b", strict=True)[1] == ("a",)


def test_a_long_path_is_read_unless_strictly():
    assert cut("OPEN:" + "x" * 600)[1] == ("x" * 600,)


@given(st.text(max_size=60), st.booleans(), st.booleans())
def test_any_text_raises_nothing_but_ours(text: str, strict: bool, windows: bool):
    try:
        read_word(text, strict=strict, windows=windows)
    except BasculeError as exc:
        assert text[int(exc.facts["position"]) :].startswith(str(exc.facts["token"]))
