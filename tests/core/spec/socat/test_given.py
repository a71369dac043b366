"""The options of one address: values, what is said of each, what is left over."""

from __future__ import annotations

import pytest
from hypothesis import given as example
from hypothesis import strategies as st

from bascule.errors import ErrorCode, SpecError
from bascule.spec.socat.given import Context, Given, c_number, c_seconds, nearest, shown
from bascule.spec.socat.names import ADDRESSES
from bascule.spec.socat.reader import Param, read_word
from bascule.spec.socat.verdicts import VerdictKind


def options_of(
    text: str, *, strict: bool = False, any_group: bool = False, system: str = "linux"
) -> Given:
    (single,) = read_word(text, strict=strict, windows=system == "windows")
    context = Context(strict=strict, any_group=any_group, system=system, prefer="")
    return Given(single, ADDRESSES[single.keyword], context)


def test_values_of_every_sort():
    given = options_of(
        "TCP-LISTEN:1,fork,nodelay=0,keepalive=0x2,backlog=0x10,mss=010,interval=0.5,bind=h,"
        "range=10.0.0.0:255.0.0.0,range=[::1/128],bind=i"
    )
    assert given.switch("fork")
    assert not given.switch("tcp-nodelay")
    assert given.switch("so-reuseport", default=True)
    assert given.integer("so-keepalive") == 2
    assert given.integer("backlog") == 16
    assert given.integer("tcp-maxseg") == 8
    assert given.integer("so-sndbuf", 7) == 7
    assert given.seconds("interval") == 0.5
    assert given.seconds("accept-timeout", 3.0) == 3.0
    assert given.text("bind") == "i"  # the last one holds
    assert given.text("protocol-family", "none") == "none"
    assert given.networks("range") == ("10.0.0.0/8", "::1/128")
    assert {each.kind for each in given.finish()} == {VerdictKind.NATIVE}


def test_permissions():
    assert options_of("PTY,mode=0600").permissions("777") == "0600"
    assert options_of("PTY,mode=00600").permissions("777") == "600"
    assert options_of("PTY").permissions("777") == "777"
    assert options_of("PTY,umask=77").permissions("", "umask") == "77"


def test_several_of_one_kind_and_terminals_keep_their_order():
    given = options_of("PTY,raw,echo=0,b9600,link=/x,crlf")
    assert [name for name, _option in given.terminal()] == ["raw", "echo", "b9600"]
    udp = options_of("UDP-RECV:1,ip-add-membership=a:b,membership=c:d")
    assert udp.values("ip-add-membership") == [Param("a:b", 29), Param("c:d", 44)]


@pytest.mark.parametrize(
    ("folder", "path", "joined"),
    [
        ("", "x", "x"),
        (",cd=/tmp/", "x", "/tmp/x"),
        (",cd=/tmp", "/x", "/x"),
        (",cd=/tmp", "", ""),
        (",cd=/tmp", "C:/x", "C:/x"),
    ],
)
def test_a_path_in_a_folder(folder: str, path: str, joined: str):
    assert options_of(f"PTY{folder}").in_folder(path) == joined


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("TCP-LISTEN:80,frok", 'unknown option "frok"; did you mean fork?'),
        ("TCP-LISTEN:80,zzzzzz", 'unknown option "zzzzzz"'),
        ("TCP-LISTEN:80,cert=x", "is not for TCP-LISTEN"),
        ("PTY,fork", "is not for PTY (socat checks it unless -g is given)"),
        ("PTY,servername=x", "is not for PTY"),
    ],
)
def test_an_option_that_cannot_stand_there(text: str, said: str):
    with pytest.raises(SpecError) as caught:
        options_of(text)
    assert said in caught.value.message
    assert text[int(caught.value.facts["position"]) :] == caught.value.facts["token"]


def test_a_group_may_be_waived():
    assert options_of("PTY,fork", any_group=True).switch("fork")


def test_a_name_of_runbooks_is_taken_as_socats_but_not_strictly():
    given = options_of("OPENSSL:h:1,servername=x")
    assert given.text("openssl-snihost") == "x"
    (verdict,) = given.finish()
    assert (verdict.kind, verdict.text) == (
        VerdictKind.UNKNOWN,
        "Socat 1.8 does not know it; it is taken as snihost.",
    )
    for name in ("servername=x", "tls"):
        with pytest.raises(SpecError, match="unknown option"):
            options_of(f"OPENSSL:h:1,{name}", strict=True)


@pytest.mark.parametrize(
    ("text", "read", "said"),
    [
        ("TCP:h:1,bind", lambda given: given.text("bind"), "bind has no value: it wants a value"),
        ("PTY,raw=1", lambda given: given.switch("raw"), "raw takes no value"),
        ("PTY,echo=no", lambda given: given.switch("echo"), 'cannot be "no": it wants 0 or 1'),
        ("TCP:h:1,mss=x", lambda given: given.integer("tcp-maxseg"), "it wants a whole number"),
        ("TCP:h:1,ttl=x", lambda given: given.integer("ip-ttl", 0, 0, 255), "from 0 to 255"),
        ("TCP:h:1,ttl=256", lambda given: given.integer("ip-ttl", 0, 0, 255), "from 0 to 255"),
        ("TCP:h:1,interval=soon", lambda given: given.seconds("interval"), "it wants seconds"),
        ("PTY,mode=8", lambda given: given.permissions("600"), "permissions in octal"),
        ("UDP-RECV:1,range=all", lambda given: given.networks("range"), "it wants a network"),
        ("OPEN:/dev/ttyS0,dtr=x", lambda given: given.choice("dtr", "on", ("on",)), "one of on"),
    ],
)  # fmt: skip
def test_a_wrong_value_says_the_form_it_should_have(text: str, read: object, said: str):
    given = options_of(text)
    with pytest.raises(SpecError) as caught:
        read(given)  # pyright: ignore[reportCallIssue]
    assert said in caught.value.message
    assert caught.value.code is ErrorCode.VALUE_INVALID


def test_a_password_is_never_shown():
    given = options_of("SOCKS5:p:h:1,sockspass=secret,socksuser=me")
    assert [shown(option) for option in given.single.options] == ["sockspass=…", "socksuser=me"]
    given.text("sockspass")
    given.text("socksuser")
    assert all("secret" not in f"{each.token}{each.text}" for each in given.finish())
    with pytest.raises(SpecError) as caught:
        options_of("SOCKS5:p:h:1,sockspass=secret").integer("sockspass")
    assert "secret" not in f"{caught.value.message}{caught.value.facts}"


def test_passwords_are_kept_beside():
    context = options_of("PTY").context
    assert (context.keep("a"), context.keep(""), context.keep("b")) == ("socat-1", "", "socat-2")
    assert context.secrets == {"socat-1": "a", "socat-2": "b"}


def test_what_nobody_took_is_refused_or_explained():
    with pytest.raises(SpecError) as caught:
        options_of("TCP:h:1,su=x").finish()
    assert caught.value.code is ErrorCode.NOT_ON_THIS_SYSTEM
    assert "start Bascule as that user" in caught.value.message
    (verdict,) = options_of("TCP:h:1,quickack").finish()
    assert verdict.kind == VerdictKind.IGNORED
    assert "Left out" in verdict.text


@pytest.mark.parametrize(
    "option", ["quickack=x", "cork=x", "sigint=1", "umask=9", "res-debug=x", "rcvtimeo=x"]
)
def test_what_is_left_out_must_be_well_formed_too(option: str):
    given = options_of(f"STALL,{option}", any_group=True)
    with pytest.raises(SpecError):
        given.finish()


def test_an_option_of_our_own_is_never_left_out():
    with pytest.raises(SpecError, match="is not for UNIX-RECV$"):
        options_of("UNIX-RECV:/x,tls").finish()


def test_what_a_system_does_not_have_is_told():
    given = options_of("TCP:h:1,if=eth0,nodelay", system="windows")
    given.text("so-bindtodevice")
    given.switch("tcp-nodelay")
    assert [each.kind for each in given.finish()] == [
        VerdictKind.NOT_ON_THIS_SYSTEM,
        VerdictKind.NATIVE,
    ]


def test_what_is_said_instead_holds():
    given = options_of("TCP:h:1,nodelay,lowport")
    given.drop("lowport", "Left out.")
    given.switch("tcp-nodelay")
    given.say_of("tcp-nodelay", VerdictKind.EMULATED, "Otherwise.")
    given.not_here("Nowhere.")
    assert [(each.token, each.kind) for each in given.finish()] == [
        ("TCP", VerdictKind.NOT_ON_THIS_SYSTEM),
        ("nodelay", VerdictKind.EMULATED),
        ("lowport", VerdictKind.IGNORED),
    ]
    assert given.stands("lowport")
    assert not given.stands("fork")


def test_the_address_itself_may_have_been_meant_otherwise():
    (verdict,) = options_of("OPEN:/a:b").finish()
    assert (verdict.token, verdict.kind, verdict.matters) == ("OPEN", VerdictKind.AS_MEANT, True)


def test_what_is_unknown_stays_so_whatever_else_is_said():
    given = options_of("OPENSSL:h:1,servername=x")
    given.say_of("openssl-snihost", VerdictKind.EMULATED, "Otherwise.")
    assert given.finish()[0].kind == VerdictKind.UNKNOWN


def test_one_of_several_words():
    given = options_of("OPEN:/dev/ttyS0,dtr=off")
    assert given.has("dtr")
    assert not given.has("rts", "flow")
    assert given.choice("dtr", "on", ("on", "off")) == "off"
    assert given.choice("rts", "on", ("on", "off")) == "on"


def test_what_is_missing_and_what_is_wrong_have_their_codes():
    given = options_of("TCP:h:1,nodelay")
    assert given.missing("x").code is ErrorCode.VALUE_MISSING
    assert given.fail(Param("h", 4), "x").facts["token"] == "h"
    assert given.fail(given.single.options[0], "x").facts["token"] == "nodelay"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("10", 10), ("0x1F", 31), ("010", 8), ("-3", -3), ("+3", 3), ("0", 0), ("08", None),
        ("", None), ("0x", None), ("1_0", None), ("x", None), ("9" * 31, None),
    ],
)  # fmt: skip
def test_numbers_as_c_reads_them(text: str, number: int | None):
    assert c_number(text) == number


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1.5", 1.5), (".5", 0.5), ("1e2", 100.0), ("nan", None), ("inf", None), ("", None),
     ("1_0", None), ("x", None), ("٣", None)],
)  # fmt: skip
def test_seconds(text: str, seconds: float | None):
    assert c_seconds(text) == seconds


def test_what_is_near():
    assert nearest("frok", ["fork", "bind"]) == "fork"
    assert nearest("zzz", ["fork"]) == ""


@example(st.text(max_size=40))
def test_any_text_is_a_number_or_none(text: str):
    assert c_number(text) is None or int(c_number(text) or 0) == c_number(text)
    c_seconds(text)
