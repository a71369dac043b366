"""The options of one address: values, what is left over, what is nearest."""

from __future__ import annotations

import pytest

from bascule.errors import ErrorCode, SpecError
from bascule.spec.socat.given import Given, VerdictKind, nearest, not_here
from bascule.spec.socat.names import addresses
from bascule.spec.socat.scan import read_address


def options_of(text: str, **more: bool) -> Given:
    address = read_address(text, strict=False)
    return Given(address, addresses()[address.keyword], **more)


def test_values_of_every_sort():
    given = options_of(
        "TCP-LISTEN:1,fork,nodelay=0,keepalive,backlog=0x10,mss=010,interval=0.5,bind=h,"
        "range=10.0.0.0:255.0.0.0,range=[::1/128]"
    )
    assert given.flag("fork")
    assert not given.flag("tcp-nodelay")
    assert given.flag("reuseport", default=True)
    assert given.integer("so-keepalive") == 1
    assert given.integer("backlog") == 16
    assert given.integer("tcp-maxseg") == 8
    assert given.integer("so-sndbuf", 7) == 7
    assert given.seconds("interval") == 0.5
    assert given.seconds("accept-timeout", 3.0) == 3.0
    assert (given.text("bind"), given.text("pf", "none")) == ("h", "none")
    assert given.networks("range") == ("10.0.0.0/255.0.0.0", "::1/128")
    given.finish()
    assert {each.kind for each in given.verdicts} == {VerdictKind.NATIVE}


def test_several_of_one_kind_and_terminals_keep_their_order():
    given = options_of("PTY,raw,echo=0,b9600,link=/x")
    assert given.terminal_words() == {"raw": "1", "echo": "0", "b9600": "1"}
    assert given.terminal() == ("raw", "echo=0", "b9600")
    assert given.terminal() == ()
    udp = options_of("UDP-RECV:1,ip-add-membership=a:b,membership=c:d")
    assert udp.texts("ip-add-membership") == ("a:b", "c:d")


def test_a_group_may_be_waived():
    with pytest.raises(SpecError, match="does not belong"):
        options_of("PTY,fork")
    options_of("PTY,fork", any_group=True)


def test_what_is_left_is_refused_or_explained():
    given = options_of("TCP:h:1,su=x")
    with pytest.raises(SpecError, match="cannot do what the option su"):
        given.finish()
    harmless = options_of("TCP:h:1,quickack")
    harmless.finish()
    assert [each.kind for each in harmless.verdicts] == [VerdictKind.IGNORED]
    assert harmless.verdicts[0].matters


def test_a_value_that_is_missing():
    with pytest.raises(SpecError, match="wants a value"):
        options_of("TCP:h:1,bind").text("bind")


def test_what_is_near():
    assert nearest("frok", ["fork", "bind"]) == "; did you mean fork?"
    assert nearest("zzz", ["fork"]) == ""
    assert not_here("TUN", "why").code is ErrorCode.NOT_ON_THIS_SYSTEM
